// Bytes as the text of as many characters: a header's, and what Python 2 called a str.

/** Characters that are made at once. As many arguments are taken by every runtime. */
const CHUNK = 4096;

/** The text of bytes, one character each. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    // `apply` takes whatever has a length, and is several times as fast as characters one by one, or spread.
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK) as unknown as number[]);
  }
  return text;
}
