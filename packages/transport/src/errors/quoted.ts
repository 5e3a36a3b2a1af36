// Makes text from outside of this program (a peer's bytes, a name, an option) fit for messages, logs and terminals: the text is cut, and
// characters that act on a terminal are escaped as in JSON: \n, \u001b, \u202e. These are control characters (C0, C1), bidirectional and
// other invisible marks, and line and paragraph separators.

/** The default of `most`: the most characters of such a text in a message or a `detail`. */
const SHOWN_CHARACTERS = 80;

/** The characters that act on a terminal or a log, and that JSON.stringify does not escape. */
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

/** Returns what `quoted` returns, without the quotes around it and with the quotes inside not escaped: for `detail` and for addresses. */
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
