// gather copies strided elements to the same result as a loop over single elements, for all strides, sizes of elements and addresses.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gather, type StridedBytes } from '../../src/layout/gather.ts';
import { sizeOf } from '../../src/layout/shape.ts';
import { fillRandom } from '../support/random-arrays.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

/** gather copies words of one, two or four bytes; an element has one or several of them. */
const itemsize = fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 12, 16, 20, 32);

/** Returns the bytes of every element. The last axis varies fastest, or, in Fortran order, the first. */
function elementByElement({ bytes, itemsize, shape, stride, offset }: StridedBytes, fortranOrder: boolean): Uint8Array {
  const out = new Uint8Array(sizeOf(shape) * itemsize);
  const index = shape.map(() => 0);
  const fastestFirst = fortranOrder ? [...shape.keys()] : [...shape.keys()].reverse();
  for (let to = 0; to < out.length; to += itemsize) {
    let element = offset;
    for (const [axis, i] of index.entries()) element += i * (stride[axis] as number);
    out.set(bytes.subarray(element * itemsize, (element + 1) * itemsize), to);
    for (const axis of fastestFirst) {
      index[axis] = (index[axis] as number) + 1;
      if (index[axis] !== shape[axis]) break;
      index[axis] = 0;
    }
  }
  return out;
}

/** Returns a view over memory that holds every element which its strides reach. */
function viewOver(shape: number[], stride: number[], itemsize: number, lead: number, seed: number): StridedBytes {
  let low = 0;
  let high = 0;
  for (const [axis, size] of shape.entries()) {
    const reach = Math.max(size - 1, 0) * (stride[axis] as number);
    if (reach < 0) low += reach;
    else high += reach;
  }
  const memory = new Uint8Array(lead + (high - low + 1) * itemsize);
  fillRandom(memory, seed);
  return { bytes: memory.subarray(lead), itemsize, shape, stride, offset: -low };
}

/** Gathers to the given position in larger memory, and checks every byte of that memory and of the source. */
function expectGathered(view: StridedBytes, fortranOrder: boolean, targetLead: number): void {
  const before = Uint8Array.from(view.bytes);
  const wanted = elementByElement(view, fortranOrder);
  const memory = new Uint8Array(targetLead + wanted.length + 5).fill(0xee);
  const expected = Uint8Array.from(memory);
  expected.set(wanted, targetLead);
  gather(view, memory.subarray(targetLead, targetLead + wanted.length), fortranOrder);
  expectSameBytes(memory, expected);
  expectSameBytes(view.bytes, before);
}

const where = { lead: fc.nat(8), targetLead: fc.nat(8), seed: fc.integer(), fortranOrder: fc.boolean() };
const step = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.constantFrom(0, 1, -1, 2));

describe('any axes', () => {
  const axes = fc.array(fc.record({ size: fc.oneof(fc.nat(5), fc.nat(20)), step }), { maxLength: 5 });

  test('of any steps, forwards, backwards, over each other, and standing still', () => {
    fc.assert(
      fc.property(itemsize, axes, fc.record(where), (size, given, { lead, targetLead, seed, fortranOrder }) => {
        const shape = given.map((axis) => axis.size);
        fc.pre(sizeOf(shape) <= 5000);
        const stride = given.map((axis) => axis.step);
        expectGathered(viewOver(shape, stride, size, lead, seed), fortranOrder, targetLead);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('planes larger than a tile', () => {
  /**
   * gather copies tiles of 256 by 256 elements, four rows at a time: these sizes lie around a tile's edge, around a multiple of
   * four, and near 1.
   */
  const edge = fc.constantFrom(1, 2, 3, 4, 5, 7, 31, 48, 255, 256, 257, 258, 259, 260, 513);

  test('in every order of the axes, with gaps and in reverse', () => {
    fc.assert(
      fc.property(
        itemsize,
        fc.tuple(edge, edge, fc.constantFrom(1, 2, 3)),
        fc.constantFrom([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]),
        fc.tuple(fc.constantFrom(1, 2), fc.constantFrom(1, -1), fc.constantFrom(1, -1)),
        fc.record(where),
        (size, shape, memoryOrder, [gap, ...signs], { lead, targetLead, seed, fortranOrder }) => {
          const stride = [0, 0, 0];
          let span = gap;
          for (const [i, axis] of memoryOrder.entries()) {
            stride[axis] = span * (signs[i] ?? 1);
            span *= shape[axis] as number;
          }
          fc.pre(span * size <= 4e6);
          expectGathered(viewOver(shape, stride, size, lead, seed), fortranOrder, targetLead);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('at the ends', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);

  test('no axes: one element', () => {
    for (const size of [1, 2, 3, 4, 8, 16]) {
      expectGathered({ bytes, itemsize: size, shape: [], stride: [], offset: 3 }, false, 1);
    }
  });

  test('an empty axis: nothing, whatever the others', () => {
    const target = Uint8Array.of(0xee);
    gather({ bytes, itemsize: 4, shape: [2 ** 50, 0], stride: [1, 2 ** 50], offset: 0 }, target, false);
    expect(target).toEqual(Uint8Array.of(0xee));
  });

  test('64 axes, of which most have one element and six have two', () => {
    const shape = Array.from({ length: 64 }, (_, axis) => (axis % 11 === 0 ? 2 : 1));
    const stride = shape.map((_, axis) => (axis % 11 === 0 ? 2 ** (axis / 11) : 1e9));
    for (const fortranOrder of [true, false]) {
      expectGathered({ bytes, itemsize: 1, shape, stride, offset: 0 }, fortranOrder, 0);
      expectGathered({ bytes, itemsize: 1, shape, stride: stride.toReversed(), offset: 0 }, fortranOrder, 3);
    }
  });

  test('64 axes of one element in memory: standing still', () => {
    const shape = Array.from({ length: 64 }, (_, axis) => (axis < 10 ? 2 : 1));
    expectGathered({ bytes, itemsize: 8, shape, stride: shape.map(() => 0), offset: 5 }, false, 0);
  });
});
