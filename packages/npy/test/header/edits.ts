// A header's text with damage: pieces of Python inserted where they do not belong, and others removed. For tests and the fuzzer.

/** Pieces of headers, and of Python. */
export const tokens: readonly string[] = [
  ...["'descr'", "'shape'", "'fortran_order'", "'<i4'", 'True', 'False', 'None'],
  ...['(', ')', '[', ']', '{', '}', ',', ':', '2', '3L', '0x1', '1_0', '-', '+', 'L', '0', '.'],
  ...[' ', '\n', '\t', '#', '\\\n', "'", '"', "'''", 'u', 'r', '\\x3c', '\\'],
];

/** The position of an edit, the number of characters that it removes, and the text that it inserts. */
export interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly put: readonly string[];
}

export function edited(text: string, edits: readonly Edit[]): string {
  let made = text;
  for (const { at, cut, put } of edits) {
    const i = at % (made.length + 1);
    made = made.slice(0, i) + put.join('') + made.slice(i + cut);
  }
  return made;
}
