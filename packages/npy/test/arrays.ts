// Random arrays for the properties: every dtype, both byte orders, any axis order, steps, gaps and offsets over a
// buffer of random bytes.
import fc from 'fast-check';
import type { DTypeName } from '../src/core.ts';
import { fixedTypes } from '../src/dtype/dtype.ts';
import { allocateStore, bytesOfStore } from '../src/stores/table.ts';
import type { CheckedView } from '../src/view.ts';

export const dtypeNames = Object.keys(fixedTypes) as DTypeName[];

/** A view of native byte order over random bytes, and those bytes. */
export interface RandomArray {
  readonly view: CheckedView;
  readonly raw: Uint8Array;
}

const axis = fc.record({
  size: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 6 }) }, { weight: 1, arbitrary: fc.constant(0) }),
  step: fc.constantFrom(1, 1, 1, 2, 3),
  reversed: fc.boolean(),
});

export const randomArray: fc.Arbitrary<RandomArray> = fc
  .record({
    dtype: fc.constantFrom(...dtypeNames),
    axes: fc.array(axis, { maxLength: 5 }),
    plain: fc.boolean(),
    order: fc.array(fc.integer(), { minLength: 5, maxLength: 5 }),
    lead: fc.nat(7),
    trail: fc.nat(7),
    seed: fc.integer(),
  })
  .map(({ dtype, axes, plain, order, lead, trail, seed }) => {
    // Memory order is a permutation of the axes; plain arrays have neither gaps nor reversed axes.
    const memory = axes.map((_, i) => i).sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0));
    const stride = axes.map(() => 0);
    let span = 1;
    let offset = lead;
    for (const i of memory) {
      const { size, step, reversed } = axes[i] as (typeof axes)[number];
      const step1 = plain ? 1 : step;
      stride[i] = (!plain && reversed ? -1 : 1) * step1 * span;
      if (!plain && reversed && size > 0) offset += (size - 1) * step1 * span;
      span *= Math.max(size, 1) * step1;
    }
    const data = allocateStore(dtype, lead + span + trail);
    const raw = bytesOfStore(data);
    fillRandom(raw, seed);
    return { view: { dtype, data, shape: axes.map((a) => a.size), stride, offset }, raw };
  });

/** Random bytes of a seed: xorshift32. */
export function fillRandom(bytes: Uint8Array, seed: number): void {
  let x = seed | 1;
  for (let i = 0; i < bytes.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[i] = x & 0xff;
  }
}

/** The elements of a view in C order, byte by byte: the slow way, to hold the fast one against. */
export function bytesInOrder({ view, raw }: RandomArray): Uint8Array {
  const { itemsize } = fixedTypes[view.dtype];
  const out: number[] = [];
  const walk = (axis: number, at: number): void => {
    if (axis === view.shape.length) out.push(...raw.subarray(at * itemsize, (at + 1) * itemsize));
    else for (let i = 0; i < (view.shape[axis] ?? 0); i++) walk(axis + 1, at + i * (view.stride[axis] ?? 0));
  };
  walk(0, view.offset);
  return Uint8Array.from(out);
}
