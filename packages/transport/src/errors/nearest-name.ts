// The name that a misspelt one was probably meant to be.

/**
 * Returns the first known name that differs from `given` in at most two neighbouring characters, or in case alone. The two share at
 * least one character.
 */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  return known.find((name) => isNear(given.toLowerCase(), name.toLowerCase()));
}

function isNear(a: string, b: string): boolean {
  let start = 0;
  while (start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return start + end > 0 && start + end + 2 >= Math.max(a.length, b.length);
}
