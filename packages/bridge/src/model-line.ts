// A line that a model wrote, as a part of an error's message; all of it, as it was, is in the error's detail.

const QUOTED_CHARACTERS = 500;

/** The line, cut where it is long, and with nothing in it that a terminal, where the message may end up, takes for an order. */
export function quotedLine(line: string): string {
  const shown = line.length > QUOTED_CHARACTERS ? `${line.slice(0, QUOTED_CHARACTERS)} …` : line;
  return shown.replace(/\p{Cc}/gu, '\ufffd');
}
