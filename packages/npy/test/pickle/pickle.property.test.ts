// Every value that is written is read as the same value, under the names of NumPy 1 and of NumPy 2, and written again byte for
// byte.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickle } from '../../src/pickle/pickle.ts';
import { PyByteArray, PyFrozenSet, PyOrderedDict, PyTuple, tuple } from '../../src/pickle/values/builtin-classes.ts';
import { PyDateTime, PyTimeDelta, PyTimeZone } from '../../src/pickle/values/datetime.ts';
import { EqualKeys } from '../../src/pickle/values/equal-keys.ts';
import { asFloat, isInt, PyDecimal } from '../../src/pickle/values/numeric-values.ts';
import { decodeText, encodeText } from '../../src/pickle/wire/wtf8.ts';
import { meaningOf } from './meaning.ts';

const equalKeys = new EqualKeys();
const int = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }));
const float = fc.double().map((value) => (isInt(value) ? asFloat(value) : value));
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', 'a', 'numpy', 'ab', '\ud800'));
const zone = fc.integer({ min: -86_399, max: 86_399 }).map((seconds) => {
  return new PyTimeZone(new PyTimeDelta(seconds < 0 ? -1 : 0, seconds < 0 ? seconds + 86_400 : seconds));
});
const moment = fc
  .record({ hour: fc.nat(23), microsecond: fc.nat(999_999), tzinfo: fc.option(zone) })
  .map((clock) => new PyDateTime(2024, 2, 29, clock));
const hashable = fc.oneof(int, float, text, fc.boolean(), fc.constant(null));
/** Python takes no two of these for the same key; an object with two equal keys is refused. */
const keys = fc.uniqueArray(hashable, { selector: (key) => equalKeys.tokenOf(key) });

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    hashable,
    moment,
    fc.uint8Array(),
    fc.uint8Array().map((bytes) => new PyByteArray(bytes)),
    fc.double().map((re) => ({ re, im: -re })),
    fc.constantFrom('1.5', 'NaN', '5').map((text) => new PyDecimal(text)),
    fc.array(tie('value')),
    fc.array(tie('value')).map((items) => tuple(...items)),
    keys
      .chain((keys) => fc.tuple(...keys.map((key) => fc.tuple(fc.constant(key), tie('value')))))
      .map((entries) => new Map(entries)),
    fc.array(fc.tuple(text, tie('value'))).map((entries) => new PyOrderedDict(entries)),
    keys.map((items) => new Set(items)),
    keys.map((items) => new PyFrozenSet(items)),
    // The object occurs twice.
    tie('value').map((shared) => [shared, PyTuple.from([shared])]),
  ),
}));

describe('object arrays', () => {
  for (const options of [
    { protocol: 4, numpyCore: 'numpy._core' },
    { protocol: 3, numpyCore: 'numpy.core' },
  ] as const) {
    it(`come back as they were, protocol ${options.protocol}`, () => {
      fc.assert(
        fc.property(fc.array(value), fc.boolean(), (items, fortranOrder) => {
          const written = pickle.with(options).encode({ descr: '|O', shape: [items.length], fortranOrder, items });
          const read = pickle.decode(written);
          expect(meaningOf(read.items)).toEqual(meaningOf(items));
          expect(Buffer.compare(pickle.encode(read), written)).toBe(0);
        }),
        { numRuns: 2000 },
      );
    });
  }
});

describe('text', () => {
  it('comes back, surrogates and all', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units);
        expect(decodeText(encodeText(text))).toBe(text);
      }),
    );
  });

  it('is text or refused, and never silently repaired', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = decodeText(bytes);
        if (text !== undefined) expect(encodeText(text)).toEqual(bytes);
      }),
      { numRuns: 5000 },
    );
  });
});
