// Makes strings from outside safe to show: what a model, a Docker Engine, a peer, a file name or a header contains. Each such string in a
// message, a log or a terminal passes through `quoted`, and in an error's `detail` through `bounded`. It cannot give a terminal commands,
// reverse the direction of a line, add a line of its own, or be of any length.

/** The longest string from outside that a message shows, in UTF-16 units. */
const MESSAGE_CHARACTERS = 500;

/** The longest string that an error's `detail` keeps, in UTF-16 units. */
const DETAIL_CHARACTERS = 65_536;

/** C0, DEL, C1, the line and paragraph separators, and the characters that change the direction of text. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Returns a string for a message: one line, cut if it is long, with U+FFFD for each character that a terminal would obey. */
export function quoted(text: string, characters: number = MESSAGE_CHARACTERS): string {
  return cut(text, characters).replace(UNSAFE, '\ufffd');
}

/** Returns a string for `detail`, or of several lines such as a stack, made safe as by `quoted`, but with its line ends and tabs. */
export function bounded(text: string, characters: number = DETAIL_CHARACTERS): string {
  return cut(text, characters).replace(UNSAFE, (character) => (/[\n\t]/.test(character) ? character : '\ufffd'));
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${whole(text.slice(0, characters))} …`;
}

/** Returns the last lines, as many as `detail` keeps, each made safe by `bounded`. The last lines tell why a program ended. */
export function boundedLines(lines: readonly string[]): readonly string[] {
  let room = DETAIL_CHARACTERS;
  let first = lines.length;
  while (first > 0 && room > 0) {
    first--;
    room -= (lines[first]?.length ?? 0) + 1;
  }
  const kept = lines.slice(first);
  // The first of the lines that are left is cut to the room that the others leave.
  if (room < 0 && kept[0] !== undefined) kept[0] = cut(kept[0], Math.max(0, kept[0].length + room));
  return kept.map((line) => bounded(line));
}

/** Returns the string without half of a surrogate pair at its end. */
function whole(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
