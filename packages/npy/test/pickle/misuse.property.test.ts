// Values of this package's classes with wrong contents are written, or refused with an NpyError that is the caller's fault.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNpyError, type NpyError } from '../../src/errors.ts';
import { NumpyArray, NumpyScalar } from '../../src/pickle/numpy/numpy-array.ts';
import { NumpyDType } from '../../src/pickle/numpy/numpy-dtype.ts';
import { pickle } from '../../src/pickle/pickle.ts';
import {
  PyByteArray,
  PyFrozenSet,
  PyGlobal,
  PyOrderedDict,
  PyRange,
  PySlice,
  PyStr,
  PyUuid,
  tuple,
} from '../../src/pickle/values/builtin-classes.ts';
import { PyDate, PyDateTime, PyTime, PyTimeDelta, PyTimeZone } from '../../src/pickle/values/datetime.ts';
import { PyDecimal, PyFloat, PyFraction } from '../../src/pickle/values/numeric-values.ts';

const anything = fc.anything({ withBigInt: true, withTypedArray: true, withMap: true, withSet: true, maxDepth: 2 });
const list = fc.array(anything, { maxLength: 3 });

/** The constructors, each with arguments that may be of any kind. */
const odd = fc.oneof(
  anything,
  fc.tuple(anything, anything, anything).chain(([a, b, c]) =>
    fc.constantFrom<() => unknown>(
      () => new PyFloat(a as number, b as bigint),
      () => new PyDecimal(a as string),
      () => new PyFraction(a as bigint, b as bigint),
      () => new PyStr(a as number[]),
      () => new PyByteArray(a as Uint8Array),
      () => new PyUuid(a as bigint, b as number),
      () => new PySlice(a, b, c),
      () => new PyRange(a as number, b as number, c as number),
      () => new PyGlobal(a as string, b as string),
      () => new PyDate(a as number, b as number, c as number),
      () => new PyTime({ hour: a as number, microsecond: b as number, tzinfo: c as PyTimeZone }),
      () => new PyDateTime(2020, 1, a as number, { minute: b as number, fold: c as 0 }),
      () => new PyTimeDelta(a as number, b as number, c as number),
      () => new PyTimeZone(a as PyTimeDelta, b as string),
      () => new PyTimeZone(new PyTimeDelta(0), b as string),
      () => new PyOrderedDict([[a, b]]),
      () => new PyFrozenSet([a, b]),
      () => tuple(a, b, c),
      () => new NumpyArray(a as string, { shape: b as number[], data: c as Uint8Array }),
      () => new NumpyArray('|i1', { shape: [1], data: c as Uint8Array }),
      () => new NumpyArray('|O', { shape: a as number[], items: b as unknown[] }),
      () => new NumpyScalar(a as string, b as Uint8Array),
      () => new NumpyScalar('<i2', b as Uint8Array),
      () => NumpyDType.of(a as string),
      () => NumpyDType.of({ stringdtype: a as { coerce: boolean } }),
    ),
  ),
);

function refusal(run: () => unknown): NpyError | undefined {
  try {
    run();
  } catch (error) {
    if (isNpyError(error)) return error;
    throw error;
  }
  return undefined;
}

describe('invalid values', () => {
  it('are saved and read again, or refused', () => {
    fc.assert(
      fc.property(odd, fc.constantFrom(3, 4), (make, protocol) => {
        const error = refusal(() => {
          const item = typeof make === 'function' ? (make as () => unknown)() : make;
          const written = pickle.with({ protocol: protocol as 3 }).encode({ descr: '|O', shape: [1], fortranOrder: false, items: [item] }); // biome-ignore format: one
          pickle.decode(written);
        });
        expect(error?.fault ?? 'caller').toBe('caller');
      }),
      { numRuns: 5000 },
    );
  });

  it('are no arrays', () => {
    fc.assert(
      fc.property(anything, anything, fc.oneof(list, anything), (descr, shape, items) => {
        const given = {
          descr: descr as string,
          shape: shape as number[],
          fortranOrder: false,
          items: items as unknown[],
        };
        const { source } = pickle.decode(pickle.encode({ descr: '|O', shape: [1], fortranOrder: false, items: [1] }));
        expect(refusal(() => pickle.encode({ ...given, descr: source.descr, source }))?.fault ?? 'caller').toBe(
          'caller',
        );
        expect(refusal(() => pickle.encode(given))?.fault ?? 'caller').toBe('caller');
        expect(refusal(() => pickle.encode({ ...given, descr: '|O' }))?.fault ?? 'caller').toBe('caller');
      }),
    );
  });
});
