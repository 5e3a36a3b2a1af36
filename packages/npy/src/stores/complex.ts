// Complex numbers: real then imaginary part, interleaved in one float array.
import { NpyError } from '../errors.ts';
import { rawOf } from './memory.ts';
import { elementsOf, type Store } from './store.ts';

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

abstract class ComplexStore<R extends Float32Array | Float64Array> implements Store<Complex> {
  abstract readonly dtype: 'complex64' | 'complex128';
  readonly length: number;
  /** `re, im, re, im, …`: two numbers an element. */
  readonly raw: R;

  constructor(raw: R) {
    this.raw = raw;
    this.length = raw.length / 2;
  }

  get(index: number): Complex {
    return { re: this.raw[2 * index] ?? 0, im: this.raw[2 * index + 1] ?? 0 };
  }

  set(index: number, value: Complex): void {
    if (typeof value?.re !== 'number' || typeof value.im !== 'number') {
      throw new NpyError('NPY_VALUE', `npy: ${this.dtype} takes { re, im }, not ${typeof value}`, { value });
    }
    this.raw[2 * index] = value.re;
    this.raw[2 * index + 1] = value.im;
  }

  [Symbol.iterator](): Iterator<Complex> {
    return elementsOf(this);
  }
}

/** A store of `complex64` elements: two float32 each. */
export class Complex64Store extends ComplexStore<Float32Array> {
  readonly dtype = 'complex64';

  constructor(raw: Float32Array | number) {
    super(rawOf<Float32Array>(raw, 2, Float32Array));
  }
}

/** A store of `complex128` elements: two float64 each. */
export class Complex128Store extends ComplexStore<Float64Array> {
  readonly dtype = 'complex128';

  constructor(raw: Float64Array | number) {
    super(rawOf<Float64Array>(raw, 2, Float64Array));
  }
}
