// The methods of every store throw NPY_INDEX unless the index is an integer inside of the store. A store whose memory was
// transferred away has no elements.
import { describe, expect, test } from 'vitest';
import {
  allocateStore,
  BFloat16Store,
  type Descr,
  type DTypeName,
  Float8Store,
  Float16Store,
  ObjectStore,
  StructStore,
} from '../../src/core.ts';
import { thrownBy } from '../support/npy-files.ts';

/** The methods to which the rule applies, with elements of any type. */
interface AnyElements {
  readonly length: number;
  readonly raw: { readonly buffer: ArrayBufferLike } | unknown[];
  get(index: number): unknown;
  set(index: number, value: never): void;
  [Symbol.iterator](): Iterator<unknown>;
}

const allocated = (dtype: DTypeName | Descr): AnyElements => allocateStore(dtype as DTypeName, 3) as AnyElements;
const complex = { re: 1, im: 2 };

const stores: readonly [name: string, make: () => AnyElements, value: unknown][] = [
  ['bool', () => allocated('bool'), true],
  ['float16', () => new Float16Store(3), 1.5],
  ['bfloat16', () => new BFloat16Store(3), 1.5],
  ['float8_e4m3fn', () => new Float8Store('float8_e4m3fn', 3), 1.5],
  ['longdouble', () => allocated('longdouble'), 1.5],
  ['complex64', () => allocated('complex64'), complex],
  ['complex128', () => allocated('complex128'), complex],
  ['clongdouble', () => allocated('clongdouble'), complex],
  ['bytes', () => allocated('|S3'), Uint8Array.of(1)],
  ['str', () => allocated('<U3'), 'a'],
  ['void', () => allocated('|V3'), Uint8Array.of(1, 2, 3)],
  ['datetime64', () => allocated('<M8[s]'), 5n],
  ['timedelta64', () => allocated('<m8[s]'), 5n],
  ['struct', () => new StructStore([['x', '<i2']], 3), { x: 1 }],
  ['object', () => new ObjectStore([null, null, null]), 'a'],
];

/** A store whose elements have no bytes has the declared number of elements. */
const empty: typeof stores = [
  ['bytes of 0', () => allocated('|S0'), new Uint8Array(0)],
  ['str of 0', () => allocated('<U0'), ''],
  ['struct of no fields', () => allocated([]), {}],
];

describe.each([...stores, ...empty])('%s', (_, make, value) => {
  test('has the elements from 0 to length - 1', () => {
    const store = make();
    expect(store.length).toBe(3);
    for (const index of [0, 2]) {
      store.set(index, value as never);
      expect(store.get(index)).toEqual(value);
    }
  });

  test.each([3, -1, 1.5, Number.NaN, Infinity, 2 ** 53, '1', undefined, null, 1n])('has no element %s', (index) => {
    const store = make();
    const before = [...store];
    const refused = { code: 'NPY_INDEX', fault: 'caller', detail: { index, length: 3 } };
    expect(thrownBy(() => store.get(index as number))).toMatchObject(refused);
    expect(thrownBy(() => store.set(index as number, value as never))).toMatchObject(refused);
    expect(store.length).toBe(3);
    expect([...store]).toEqual(before);
  });

  test('has none where its memory was transferred away', () => {
    const store = make();
    if (!('buffer' in store.raw) || store.raw.buffer.byteLength === 0) return;
    structuredClone(0, { transfer: [store.raw.buffer as ArrayBuffer] });
    expect(store.length).toBe(0);
    expect([...store]).toEqual([]);
    expect(thrownBy(() => store.get(0))).toMatchObject({ code: 'NPY_INDEX', detail: { index: 0, length: 0 } });
    expect(thrownBy(() => store.set(0, value as never))).toMatchObject({ code: 'NPY_INDEX' });
  });
});
