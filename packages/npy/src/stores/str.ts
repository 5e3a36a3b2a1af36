// Text: NumPy's `U`, with `n` characters for each element, each a code point in 32 bits.
//   <U3   61 00 00 00 | 00 F6 01 00 | 00 00 00 00    'a' and U+1F600; NULs at the end are padding
// A lone surrogate is kept. A surrogate pair that is stored as two code points is read as one character, as JavaScript does.

import type { Descr } from '../dtype/descr.ts';
import { NpyError } from '../errors.ts';
import { checkLength } from '../memory/allocate.ts';
import { NATIVE_ORDER } from '../memory/byte-order.ts';
import { countCodePoints } from '../text/code-points.ts';
import { cannotHold } from './check-value.ts';
import { MemoryStore } from './memory-store.ts';
import { checkValueBudget } from './value-budget.ts';

/** A store of `str` elements over their code points. */
export class StrStore extends MemoryStore<string, Uint32Array> {
  readonly dtype = 'str';
  readonly descr: Descr;
  /** The characters of an element: code points. */
  readonly width: number;

  /**
   * @param width the characters of an element
   * @param raw the memory, or a number of elements
   * @param length the number of elements, needed only if an element has no characters
   */
  constructor(width: number, raw: Uint32Array | number, length?: number) {
    super(raw, checkLength(width), Uint32Array, length);
    this.width = width;
    this.descr = `${NATIVE_ORDER}U${width}`;
  }

  /** @throws NpyError NPY_LIMIT for more than 10 000 elements without bytes */
  override [Symbol.iterator](): Iterator<string> {
    checkValueBudget(this.emptyElements, 0);
    return super[Symbol.iterator]();
  }

  /** @throws NpyError NPY_INDEX, NPY_VALUE for a code point above U+10FFFF: code points are checked only here, when an element is read */
  get(index: number): string {
    const start = this.firstWord(index);
    let end = start + this.width;
    while (end > start && this.raw[end - 1] === 0) end--;
    let text = '';
    for (let i = start; i < end; i++) {
      const point = this.raw[i] ?? 0;
      if (point > 0x10ffff) {
        const message = `npy: the code point 0x${point.toString(16)} is above U+10FFFF`;
        throw new NpyError('NPY_VALUE', message, { unit: point }, { fault: 'data' });
      }
      text += String.fromCodePoint(point);
    }
    return text;
  }

  /** @throws NpyError NPY_INDEX, NPY_VALUE if the text has more code points than an element */
  set(index: number, value: string): void {
    const { width, raw } = this;
    let at = this.firstWord(index);
    const end = at + width;
    const found = typeof value === 'string' ? countCodePoints(value) : width + 1;
    if (found > width) {
      const shown = typeof value === 'string' ? `${found} characters` : typeof value;
      throw cannotHold(`str of ${width} characters`, value, shown, { width });
    }
    for (let i = 0; i < value.length; at++) {
      const point = value.codePointAt(i) ?? 0;
      raw[at] = point;
      i += point > 0xffff ? 2 : 1;
    }
    raw.fill(0, at, end);
  }
}
