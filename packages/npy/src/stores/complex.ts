// Complex numbers: the real and the imaginary part of each, interleaved in one float array.

import { type Complex, checkComplex } from './check-value.ts';
import { MemoryStore } from './memory-store.ts';

export type { Complex } from './check-value.ts';

/** A store whose `raw` is `re, im, re, im, …`. */
abstract class ComplexStore<R extends Float32Array | Float64Array> extends MemoryStore<Complex, R> {
  abstract override readonly dtype: 'complex64' | 'complex128';

  get(index: number): Complex {
    const at = this.firstWord(index);
    return { re: this.raw[at] ?? 0, im: this.raw[at + 1] ?? 0 };
  }

  set(index: number, value: Complex): void {
    const { re, im } = checkComplex(this.dtype, value);
    const at = this.firstWord(index);
    this.raw[at] = re;
    this.raw[at + 1] = im;
  }
}

/** A store of `complex64` elements: two float32 each. */
export class Complex64Store extends ComplexStore<Float32Array> {
  readonly dtype = 'complex64';

  constructor(raw: Float32Array | number) {
    super(raw, 2, Float32Array);
  }
}

/** A store of `complex128` elements: two float64 each. */
export class Complex128Store extends ComplexStore<Float64Array> {
  readonly dtype = 'complex128';

  constructor(raw: Float64Array | number) {
    super(raw, 2, Float64Array);
  }
}
