// Round trips are properties over dtype, axis order, strides, gaps, offsets and byte order. Each result is compared with that of a
// slow reference that reads one element after the other.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckedView } from '../../src/array/npy-view.ts';
import {
  type DTypeName,
  decode,
  decodeStream,
  type EncodeOptions,
  encode,
  encodeInto,
  encodeParts,
  type FixedDTypeName,
  IncrementalDecoder,
  type NpyView,
  readHeader,
  toNested,
} from '../../src/core.ts';
import { fixedTypes, isForeign } from '../../src/dtype/dtype.ts';
import { fromNested, type Nested } from '../../src/operations/nested.ts';
import { alignmentOf, bytesOfStore } from '../../src/stores/number-stores.ts';
import { parseDType } from '../../src/stores/store-table.ts';
import type { BinaryStore } from '../../src/stores/store-types.ts';
import {
  bytesInOrder,
  descrIn,
  dtypeNames,
  type RandomArray,
  randomArray,
  randomNumbers,
} from '../support/random-arrays.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

interface Given {
  readonly order: '<' | '>';
  readonly fortranOrder: boolean | undefined;
  readonly version: 1 | 2 | 3 | undefined;
}

const options: fc.Arbitrary<Given> = fc.record({
  order: fc.constantFrom('<' as const, '>' as const),
  fortranOrder: fc.constantFrom(undefined, true, false),
  version: fc.constantFrom(undefined, 1 as const, 2 as const, 3 as const),
});

function encodeOptions(view: CheckedView, { order, fortranOrder, version }: Given): EncodeOptions {
  return {
    descr: descrIn(view.type, order),
    ...(fortranOrder !== undefined && { fortranOrder }),
    // Only version 3.0 has UTF-8: a field name that needs it fits no other version.
    ...(version !== undefined && !view.type.fields && { version: [version, 0] as const }),
  };
}
/** Returns the elements of a decoded array, in C order and native byte order. */
function elementBytes(view: NpyView): Uint8Array {
  return bytesInOrder({ view, raw: bytesOfStore(view.data as BinaryStore) });
}

/** Cuts `bytes` at the given places, which may coincide. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [...places.map((place) => place % (bytes.length + 1)), 0, bytes.length].sort((a, b) => a - b);
  return cuts.slice(1).map((end, i) => bytes.subarray(cuts[i], end));
}

describe('an array, encoded with any options', () => {
  test('decodes to the same elements, of the same dtype and shape', () => {
    fc.assert(
      fc.property(randomArray, options, (array, given) => {
        const { view } = array;
        const file = encode(view, encodeOptions(view, given));
        const decoded = decode(file, { dtype: view.dtype });
        expect([decoded.dtype, decoded.shape]).toEqual([view.dtype, view.shape]);
        expectSameBytes(elementBytes(decoded), bytesInOrder(array));
        // The result of readHeader is all that encode needs to write the same file again.
        expectSameBytes(encode(decoded, readHeader(file)), file);
        if (
          given.order === '<' &&
          given.fortranOrder === undefined &&
          encodeOptions(view, given).version === undefined
        ) {
          expectSameBytes(encode(decoded), file);
        }
      }),
      { numRuns: 4000 },
    );
  });

  test('is not changed by being encoded', () => {
    fc.assert(
      fc.property(randomArray, options, ({ view, raw }, given) => {
        const before = Uint8Array.from(raw);
        encode(view, encodeOptions(view, given));
        expectSameBytes(raw, before);
      }),
      { numRuns: 1000 },
    );
  });

  test('is the same file by encode, encodeParts and encodeInto', () => {
    fc.assert(
      fc.property(randomArray, options, fc.nat(20), ({ view }, given, spare) => {
        const how = encodeOptions(view, given);
        const file = encode(view, how);
        expectSameBytes(Buffer.concat(encodeParts(view, how)), file);
        const target = new Uint8Array(file.length + spare).fill(0xee);
        expect(encodeInto(view, target, how)).toBe(file.length);
        expectSameBytes(target.subarray(0, file.length), file);
        expect(target.subarray(file.length).every((byte) => byte === 0xee)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a file, anywhere in memory', () => {
  test('decodes to a view only where that is possible, and to fresh memory where that is asked for', () => {
    fc.assert(
      fc.property(randomArray, options, fc.nat(16), fc.nat(9), fc.boolean(), (array, given, lead, tail, copy) => {
        const { view } = array;
        const file = encode(view, encodeOptions(view, given));
        const memory = new Uint8Array(lead + file.length + tail).fill(0xaa);
        memory.set(file, lead);
        const before = Uint8Array.from(memory);
        const decoded = decode(memory.subarray(lead), { copy });
        expectSameBytes(elementBytes(decoded), bytesInOrder(array));
        const { type } = view;
        const header = readHeader(file) as { dataOffset: number; dataBytes: number };
        const native = given.order === '<' || !isForeign(parseDType(descrIn(type, '>')));
        const viewed = !copy && native && (lead + header.dataOffset) % alignmentOf(type) === 0;
        const bytes = bytesOfStore(decoded.data as BinaryStore);
        expect(bytes.buffer === memory.buffer).toBe(viewed);
        // A write to the array changes the file's bytes if the array is a view, and leaves them alone if it is a copy.
        bytes.fill(0x55);
        if (viewed) before.fill(0x55, lead + header.dataOffset, lead + header.dataOffset + header.dataBytes);
        expectSameBytes(memory, before);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('chunks', () => {
  const places = fc.array(fc.nat(), { maxLength: 12 });
  const files = fc.array(fc.tuple(randomArray, options), { maxLength: 4 });
  const fileOf = ([{ view }, given]: [RandomArray, Given]): Uint8Array => encode(view, encodeOptions(view, given));

  test('give the arrays that were put in, however they are cut', () => {
    fc.assert(
      fc.property(files, places, fc.boolean(), (given, cuts, buffers) => {
        const decoder = new IncrementalDecoder();
        const arrays: NpyView[] = [];
        for (const part of cutAt(Buffer.concat(given.map(fileOf)), cuts)) {
          // The next chunk overwrites this chunk's memory.
          const chunk = buffers ? Buffer.from(part) : Uint8Array.from(part);
          for (let a = decoder.push(chunk); a; a = decoder.push()) arrays.push(a);
          chunk.fill(0xff);
        }
        decoder.end();
        expect(arrays.map((view) => view.shape)).toEqual(given.map(([{ view }]) => view.shape));
        for (const [i, decoded] of arrays.entries()) {
          expectSameBytes(elementBytes(decoded), bytesInOrder((given[i] as (typeof given)[number])[0]));
        }
      }),
      { numRuns: 1500 },
    );
  });

  test('byte by byte, and with a tail', () => {
    fc.assert(
      fc.property(randomArray, options, fc.uint8Array({ min: 1, minLength: 1, maxLength: 5 }), (array, given, tail) => {
        const file = fileOf([array, given]);
        const decoder = new IncrementalDecoder();
        for (const byte of file.subarray(0, -1)) expect(decoder.push(Uint8Array.of(byte))).toBeUndefined();
        tail[0] = 0x93;
        const decoded = decoder.push(Uint8Array.from([file.at(-1) ?? 0, ...tail.subarray(0, 1)]));
        expectSameBytes(elementBytes(decoded as NpyView), bytesInOrder(array));
        expect(() => decoder.end()).toThrowError(
          expect.objectContaining({ code: 'NPY_TRUNCATED', detail: { part: 'header', received: 1 } }),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('of a stream, up to where it is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(files, places, fc.nat(), async (given, cuts, stop) => {
        const whole = given.map(fileOf);
        const bytes = Buffer.concat(whole);
        const end = stop % (bytes.length + 1);
        const complete: number[] = [0];
        for (const file of whole) complete.push((complete.at(-1) ?? 0) + file.length);
        let count = 0;
        let code = '';
        try {
          for await (const _ of decodeStream(cutAt(bytes.subarray(0, end), cuts))) count++;
        } catch (error) {
          code = (error as { code: string }).code;
        }
        expect(count).toBe(complete.filter((at) => at > 0 && at <= end).length);
        expect(code).toBe(complete.includes(end) ? '' : 'NPY_TRUNCATED');
      }),
      { numRuns: 500 },
    );
  });
});

describe('nested lists', () => {
  test('toNested and fromNested are each other’s inverse', () => {
    fc.assert(
      fc.property(randomNumbers, (array) => {
        const { view } = array;
        const nested = toNested(view);
        const back = fromNested(nested as Nested, view.dtype);
        if (!view.shape.includes(0)) expect(back.shape).toEqual(view.shape);
        expect(toNested(back)).toEqual(view.shape.includes(0) ? toNested(back) : nested);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('another dtype', () => {
  const value = fc.oneof(
    fc.boolean(),
    fc.double(),
    fc.integer({ min: -300, max: 70_000 }),
    fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }),
    fc.record({ re: fc.double(), im: fc.double() }),
  );

  test('holds the value itself or refuses it: integers never wrap, bigints are never rounded', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(...dtypeNames), (given, dtype) => {
        let got: unknown;
        try {
          got = toNested(fromNested(given as Nested, dtype));
        } catch (error) {
          expect(error).toMatchObject({ name: 'NpyError', code: 'NPY_VALUE' });
          return;
        }
        expectHeld(given, got, dtype);
      }),
      { numRuns: 5000 },
    );
  });

  test('of an array is that of each element', () => {
    fc.assert(
      fc.property(randomNumbers, fc.constantFrom(...dtypeNames), ({ view }, dtype) => {
        // The comparison is by value: a NaN keeps its payload within a dtype, and need not keep it when it is converted to another
        // one.
        const together = outcome(() => encode(view, { dtype }));
        const singly = outcome(() =>
          encode(view.shape.includes(0) ? view : fromNested(toNested(view) as Nested, dtype), { dtype }),
        );
        expect(together).toEqual(singly);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Returns the elements of the file, or the code of the error that is thrown. */
function outcome(call: () => Uint8Array): unknown {
  try {
    return toNested(decode(call()));
  } catch (error) {
    return (error as { code: string }).code;
  }
}

function expectHeld(given: unknown, got: unknown, dtype: DTypeName): void {
  const { kind } = fixedTypes[dtype as FixedDTypeName];
  if (kind === 'b') expect(got).toBe(Boolean(given) || Number.isNaN(given));
  else if (kind === 'i' || kind === 'u') expect(BigInt(got as number)).toBe(BigInt(given as number));
  else if (typeof given === 'bigint') {
    const number = kind === 'c' ? (got as { re: number }).re : (got as number);
    expect(BigInt(number)).toBe(given);
  } else if (kind === 'f' && dtype !== 'float64') {
    const exact = Number(given);
    // The expected value is rounded to the nearest: for float32 as Math.fround does it, for float16 within half a unit of the last
    // place.
    if (dtype === 'float32') expect(got).toBe(Math.fround(exact));
    else if (Math.abs(exact) < 65519)
      expect(Math.abs((got as number) - exact)).toBeLessThanOrEqual(Math.max(Math.abs(exact) * 2 ** -11, 2 ** -25));
  } else if (kind === 'f') expect(got).toBe(Number(given));
}
