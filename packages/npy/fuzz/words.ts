// Splits a line into its words.

/** Returns the words of a text, which blanks separate. */
export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
