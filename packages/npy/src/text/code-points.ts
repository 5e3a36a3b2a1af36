// Characters as Python counts them.

/** The code points of a text; a lone surrogate is one. */
export function codePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; count++) i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
  return count;
}
