// Finds the known name that was probably meant by a misspelt one.

/**
 * Returns the first known name that shares a character with `given`, and differs from it only in letter case, or in at most two characters
 * side by side.
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
