// Numbers in a dtype's spelling, read as C reads them.

/** Digits as C's strtol takes them, blanks and a plus in front allowed. */
export function parseInteger(text: string): number | undefined {
  let at = 0;
  while (isBlank(text[at])) at++;
  if (text[at] === '+') at++;
  const start = at;
  while (isDigit(text[at])) at++;
  return at > start && at === text.length ? Number(text.slice(start)) : undefined;
}

export function isDigit(c: string | undefined): boolean {
  return c !== undefined && c >= '0' && c <= '9';
}

/** White space as C has it. */
export function isBlank(c: string | undefined): boolean {
  return c !== undefined && (c === ' ' || (c >= '\t' && c <= '\r'));
}
