// Latin-1: one character for each byte. Headers of version 1.0 and 2.0 use it, and pickles of Python 2 for a `str`.

/** The number of characters that one call makes. Every runtime takes that many arguments. */
const CHUNK = 4096;

/** Decodes bytes as latin-1. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    // Cast: `apply` takes anything with a length. It is several times as fast as single characters or a spread.
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK) as unknown as number[]);
  }
  return text;
}
