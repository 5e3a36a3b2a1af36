// Text that a stranger chose (a peer's bytes, a name, another program's option), made fit for messages, logs and terminals:
// short, and without characters that act on a terminal. Control characters (C0, C1), bidirectional and other invisible
// marks, and line and paragraph separators are written as escapes, in the way of JSON: \n, \u001b, \u202e.

/** Characters of a stranger's text that a message or a detail holds, unless its place says otherwise. */
const SHOWN_CHARACTERS = 80;

/** The characters that JSON.stringify leaves as they are and that a terminal or a log acts on. */
const ACTIVE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Returns `text` in double quotes, for a message. A text that is too long is cut, and its length follows.
 * @param most the most characters (UTF-16 code units) that are shown
 */
export function quoted(text: string, most: number = SHOWN_CHARACTERS): string {
  const cut = text.length > most;
  const literal = JSON.stringify(cut ? beginning(text, most) : text).replace(ACTIVE, escaped);
  return cut ? `${literal}… (${text.length} characters)` : literal;
}

/** Returns `text` as `quoted` does, without the quotes, for `detail` and for the inside of an address. Quotes in it are not escaped. */
export function plain(text: string, most: number = SHOWN_CHARACTERS): string {
  const literal = quoted(text, most);
  const end = literal.lastIndexOf('"');
  return literal.slice(1, end).replaceAll('\\"', '"') + literal.slice(end + 1);
}

/** Returns the first `most` characters, without half of a surrogate pair at the end. */
function beginning(text: string, most: number): string {
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
