// The verbs for numbers alone give the same bytes and values as those for every dtype, and refuse other dtypes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BytesStore, decode, encode, encodeParts, LongDoubleStore, readHeader, toNested } from '../../src/core.ts';
import * as numeric from '../../src/numeric.ts';
import { fileWithHeader, headerText, thrownBy } from '../support/npy-files.ts';
import { randomNumbers } from '../support/random-arrays.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

test('write and read what the others do', () => {
  fc.assert(
    fc.property(
      randomNumbers,
      fc.constantFrom('<', '>'),
      fc.constantFrom(undefined, true, false),
      ({ view }, order, given) => {
        const { kind, itemsize } = view.type;
        const options = { dtype: order + kind + itemsize, ...(given !== undefined && { fortranOrder: given }) };
        const file = encode(view, options);
        expectSameBytes(numeric.encode(view, options), file);
        expectSameBytes(Buffer.concat(numeric.encodeParts(view, options)), Buffer.concat(encodeParts(view, options)));
        const target = new Uint8Array(file.length);
        expect(numeric.encodeInto(view, target, options)).toBe(file.length);
        expectSameBytes(target, file);
        expect(numeric.readHeader(file)).toEqual(readHeader(file));
        const read = numeric.decode(file);
        expectSameBytes(encode(read), encode(decode(file)));
        expect([read.dtype, read.shape, read.stride]).toEqual([
          decode(file).dtype,
          decode(file).shape,
          decode(file).stride,
        ]);
      },
    ),
    { numRuns: 1000 },
  );
});

test('change the byte order and nothing else', () => {
  const data = Float64Array.of(1, 2, 300);
  expectSameBytes(numeric.encode({ data }, { dtype: '>f8' }), encode({ data }, { dtype: '>f8' }));
  expect(toNested(numeric.decode(numeric.encode({ data }, { dtype: '>f8' }), { dtype: 'float64' }))).toEqual([
    1, 2, 300,
  ]);
  expect(thrownBy(() => numeric.encode({ data }, { dtype: 'float32' }))).toMatchObject({
    code: 'NPY_DTYPE',
    fault: 'caller',
    detail: { expected: 'float32', actual: 'float64' },
  });
});

describe('refuse', () => {
  test.each(["'|S3'", "'<U3'", "'<M8[s]'", "'|V2'", "[('a', '<i4')]", "'<f16'", "'|O'", "'i4,i4'", '5'])(
    '%s in a header',
    (descr) => {
      const file = fileWithHeader(headerText({ descr }));
      for (const call of [numeric.decode, numeric.readHeader]) {
        expect(thrownBy(() => call(file))).toMatchObject({ code: 'NPY_DESCR', fault: 'data' });
      }
    },
  );

  test('other stores, and other dtypes asked for', () => {
    for (const data of [new BytesStore(2, 1), new LongDoubleStore(1), [1]]) {
      expect(thrownBy(() => numeric.encode({ data }))).toMatchObject({ code: 'NPY_ARRAY', fault: 'caller' });
    }
    const data = Int8Array.of(1);
    for (const dtype of ['<U3', 'str', 'nope', 'longdouble', 'bfloat16']) {
      expect(thrownBy(() => numeric.encode({ data }, { dtype }))).toMatchObject({ code: 'NPY_DESCR', fault: 'caller' });
    }
    expect(thrownBy(() => numeric.decode(encode({ data }), { dtype: 'int16' }))).toMatchObject({ code: 'NPY_DTYPE' });
    expect(thrownBy(() => numeric.decode(encode({ data }), { dtype: 'longdouble' as never }))).toMatchObject({
      code: 'NPY_DESCR',
    });
  });
});
