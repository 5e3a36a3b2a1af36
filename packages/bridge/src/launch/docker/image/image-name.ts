// What an image may be called. Names become parts of addresses at the engine, and are only ever names there.

const LONGEST = 512;
/** A registry, a path, a tag, a digest, or an id: nothing that an address or a line of text would take for something else. */
const NAME = /^[\w[][\w.\-:@[\]]*(\/[\w[][\w.\-:@[\]]*)*$/;

export function isImageName(name: string): boolean {
  return name.length <= LONGEST && NAME.test(name);
}

export const IMAGE_NAME = "an image's name, as `docker run` takes it: registry/name:tag, without blanks";
