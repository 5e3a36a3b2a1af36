// The number of bytes that an element of text or bytes needs.
import { countCodePoints } from '../text/code-points.ts';

/** Returns the number of bytes of an element into which the longest of the values fits. As in NumPy, the width of text is never 0. */
export function widthOf(name: 'str' | 'bytes' | 'void', leaves: readonly unknown[]): number {
  const least = name === 'str' ? 4 : name === 'bytes' || leaves.length === 0 ? 1 : 0;
  return leaves.reduce((width: number, leaf) => {
    const isText = typeof leaf === 'string';
    if (name === 'str') return Math.max(width, isText ? 4 * countCodePoints(leaf) : 0);
    return Math.max(width, isText || leaf instanceof Uint8Array ? leaf.length : 0);
  }, least);
}
