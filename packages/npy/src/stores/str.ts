// Text: NumPy's `U`, `n` characters an element, each a code point in 32 bits.
//   <U3   61 00 00 00 | 00 F6 01 00 | 00 00 00 00    'a' and U+1F600; NUL behind the last other character is padding
// A lone surrogate stays one. Two that make a pair, stored apart, read as the one character that they make in JavaScript.
import type { Descr } from '../dtype/descr.ts';
import { NpyError } from '../errors.ts';
import { NATIVE_ORDER } from '../platform.ts';
import { lengthOf } from './bytes.ts';
import { checkLength, rawOf } from './memory.ts';
import { elementsOf, type Store } from './store.ts';

/** A store of `str` elements. */
export class StrStore implements Store<string> {
  readonly dtype = 'str';
  readonly descr: Descr;
  readonly length: number;
  /** Characters of an element: code points. */
  readonly width: number;
  /** The code points. */
  readonly raw: Uint32Array;

  /**
   * @param width characters of an element
   * @param raw the memory, or a number of elements
   * @param length elements, where an element has no characters
   */
  constructor(width: number, raw: Uint32Array | number, length?: number) {
    this.width = checkLength(width);
    this.descr = `${NATIVE_ORDER}U${width}`;
    this.raw = rawOf<Uint32Array>(raw, width, Uint32Array);
    this.length = lengthOf(this.raw, 4 * width, length ?? (typeof raw === 'number' ? raw : 0));
  }

  /** @throws NpyError NPY_VALUE where a unit is above U+10FFFF: such a file loads, and its text cannot be read */
  get(index: number): string {
    const start = index * this.width;
    return textOf(this.width, (i) => this.raw[start + i] ?? 0);
  }

  /** @throws NpyError NPY_VALUE when the text has more code points than an element */
  set(index: number, value: string): void {
    const start = index * this.width;
    for (const [i, point] of pointsOf(value, this.width).entries()) this.raw[start + i] = point;
  }

  [Symbol.iterator](): Iterator<string> {
    return elementsOf(this);
  }
}

/** The text of up to `width` code points, padding left out. */
export function textOf(width: number, pointAt: (i: number) => number): string {
  let end = width;
  while (end > 0 && pointAt(end - 1) === 0) end--;
  let text = '';
  for (let i = 0; i < end; i++) {
    const point = pointAt(i);
    if (point > 0x10ffff) {
      const message = `npy: the unit 0x${point.toString(16)} is no character`;
      throw new NpyError('NPY_VALUE', message, { unit: point }, { fault: 'data' });
    }
    text += String.fromCodePoint(point);
  }
  return text;
}

/** The code points of a text, and NUL up to `width`. @throws NpyError NPY_VALUE when there are more, or it is no text */
export function pointsOf(value: unknown, width: number): number[] {
  if (typeof value !== 'string') throw misfit(width, typeof value, value);
  const points = Array.from(value, (c) => c.codePointAt(0) ?? 0);
  if (points.length > width) throw misfit(width, `${points.length} characters`, value);
  while (points.length < width) points.push(0);
  return points;
}

function misfit(width: number, found: string, value: unknown): NpyError {
  return new NpyError('NPY_VALUE', `npy: str of ${width} characters cannot hold ${found}`, { width, value });
}
