// How wide an element has to be for text and bytes.
import { codePoints } from '../text/code-points.ts';

/** Bytes of an element that holds each of the values. NumPy's own constructors have no text of width 0. */
export function widthOf(name: 'str' | 'bytes' | 'void', leaves: readonly unknown[]): number {
  const least = name === 'str' ? 4 : name === 'bytes' || leaves.length === 0 ? 1 : 0;
  return leaves.reduce((width: number, leaf) => {
    const isText = typeof leaf === 'string';
    if (name === 'str') return Math.max(width, isText ? 4 * codePoints(leaf) : 0);
    return Math.max(width, isText || leaf instanceof Uint8Array ? leaf.length : 0);
  }, least);
}
