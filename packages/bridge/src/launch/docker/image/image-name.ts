// The names that an image may have. They become parts of addresses at the engine, and must not be anything but names there.

const LONGEST = 512;
/** A registry, a path, a tag, a digest, or an id, without characters that mean something else in an address or a line of text. */
const NAME = /^[\w[][\w.\-:@[\]]*(\/[\w[][\w.\-:@[\]]*)*$/;

export function isImageName(name: string): boolean {
  return name.length <= LONGEST && NAME.test(name);
}

export const IMAGE_NAME = "an image's name, as `docker run` takes it: registry/name:tag, without blanks";
