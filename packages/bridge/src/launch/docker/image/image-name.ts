// The valid names of images. They become parts of URLs at the engine, and must not be able to change the rest of a URL.

const LONGEST = 512;
/** A registry, a path, a tag, a digest, or an id, without characters that have a meaning in a URL or break a line of text. */
const NAME = /^[\w[][\w.\-:@[\]]*(\/[\w[][\w.\-:@[\]]*)*$/;

export function isImageName(name: string): boolean {
  return name.length <= LONGEST && NAME.test(name);
}

export const IMAGE_NAME = 'the name of an image, as in `docker run`: registry/name:tag, without spaces';
