// Text of strangers: what a model, an engine, a peer, a file's name or a header says. All of it that reaches a message,
// a log or a terminal goes through `quoted`, and all that reaches an error's `detail` through `bounded`: it may not give
// a terminal an order, turn the direction of a line, forge a line of its own, or be as long as it likes.

/** The longest text of a stranger that a message shows, in UTF-16 units. */
const MESSAGE_CHARACTERS = 500;

/** The longest text that an error's `detail` keeps. */
const DETAIL_CHARACTERS = 65_536;

/** C0, DEL, C1, the line and paragraph separators, and the marks by which text changes its direction. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Returns text for a message: one line, cut if it is long, with U+FFFD for each character that a terminal would obey. */
export function quoted(text: string, characters: number = MESSAGE_CHARACTERS): string {
  return cut(text, characters).replace(UNSAFE, '\ufffd');
}

/** Returns text for `detail`, and text of several lines such as a stack, made safe as `quoted` does. Line ends and tabs are kept. */
export function bounded(text: string, characters: number = DETAIL_CHARACTERS): string {
  return cut(text, characters).replace(UNSAFE, (character) => (/[\n\t]/.test(character) ? character : '\ufffd'));
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${whole(text.slice(0, characters))} …`;
}

/** Returns the last lines of a text, as many as `detail` keeps, made safe by `bounded`. The end of a text says why a program died. */
export function boundedLines(lines: readonly string[]): readonly string[] {
  let room = DETAIL_CHARACTERS;
  let first = lines.length;
  while (first > 0 && room > 0) {
    first--;
    room -= (lines[first]?.length ?? 0) + 1;
  }
  const kept = lines.slice(first);
  // The earliest of them has what room the others left.
  if (room < 0 && kept[0] !== undefined) kept[0] = cut(kept[0], Math.max(0, kept[0].length + room));
  return kept.map((line) => bounded(line));
}

/** Without half of a surrogate pair at its end. */
function whole(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
