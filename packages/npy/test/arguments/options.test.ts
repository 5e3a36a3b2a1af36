// Options of the wrong kind, with an unknown name, or in the wrong place are an NpyError in every public function.
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as core from '../../src/core.ts';
import {
  array,
  decode,
  decodeStream,
  encode,
  encodeInto,
  encodeParts,
  field,
  isNpyError,
  readHeader,
  toDate,
} from '../../src/index.ts';
import { load, save } from '../../src/node/index.ts';
import * as numeric from '../../src/numeric.ts';
import { NumpyArray, PyDateTime, PyTime, pickle } from '../../src/pickle/index.ts';
import { thrownBy } from '../support/npy-files.ts';

const six = Float32Array.of(0, 1, 2, 3, 4, 5);
const file = encode(six);
const points = array([{ x: 1 }], { dtype: [['x', '<f4']] });
const pickled = pickle.encode({ descr: '|O', shape: [1], fortranOrder: false, items: [1] });
const target = new Uint8Array(1000);

const path = `${tmpdir()}/options-${process.pid}.npy`;

/** Every public function that takes options, as a function of them. */
const takers: Record<string, (options: never) => unknown> = {
  encode: (options) => encode(six, options),
  encodeParts: (options) => encodeParts(six, options),
  encodeInto: (options) => encodeInto(six, target, options),
  decode: (options) => decode(file, options),
  'decode, limits': (limits) => decode(file, { limits }),
  readHeader: (limits) => readHeader(file, limits),
  array: (options) => array(six, options),
  field: (options) => field(points, 'x', options),
  'core encode': (options) => core.encode({ data: six }, options),
  'core encodeParts': (options) => core.encodeParts({ data: six }, options),
  'core encodeInto': (options) => core.encodeInto({ data: six }, target, options),
  'core decode': (options) => core.decode(file, options),
  'core readHeader': (limits) => core.readHeader(file, limits),
  'pickle.with': (options) => pickle.with(options),
  'pickle.decode, limits': (limits) => pickle.decode(pickled, limits),
  toDate: (options) => toDate(1n, 's', options),
  IncrementalDecoder: (options) => new core.IncrementalDecoder(options),
  'IncrementalDecoder, limits': (limits) => new core.IncrementalDecoder({ limits }),
  'numeric encode': (options) => numeric.encode({ data: six }, options),
  'numeric encodeParts': (options) => numeric.encodeParts({ data: six }, options),
  'numeric encodeInto': (options) => numeric.encodeInto({ data: six }, target, options),
  'numeric decode': (options) => numeric.decode(file, options),
  'numeric readHeader': (limits) => numeric.readHeader(file, limits),
};

const asynchronous: Record<string, (options: never) => Promise<unknown>> = {
  decodeStream: (options) => decodeStream([file], options).next(),
  'core decodeStream': (options) => core.decodeStream([file], options).next(),
  load: (options) => load('/nowhere/at-all.npy', options),
  save: (options) => save(path, six, options),
};

const noOptions: [string, unknown][] = [
  ['a shape', [2, 3]],
  ['an empty list', []],
  ['a dtype', 'float32'],
  ['an empty text', ''],
  ['a number', 100],
  ['zero', 0],
  ['a bigint', 1n],
  ['true', true],
  ['false', false],
  ['a symbol', Symbol('x')],
  ['a function', () => ({})],
  ['a Map', new Map([['dtype', 'float32']])],
  ['a typed array', new Uint8Array(0)],
  ['a Date', new Date()],
  ['a Promise', Promise.resolve({})],
  ['a misspelled name', { dtpye: 'float32' }],
  ['a misspelled name without a value', { dtpye: undefined }],
  ['a limit in small letters', { maxbytes: 1 }],
  ['a name of Object', { constructor: 1 }],
];

describe.each(Object.entries(takers))('%s', (name, take) => {
  // In place of the options of `array` a list is a shape.
  const refused = noOptions.filter(([, options]) => name !== 'array' || !Array.isArray(options));
  test.each(refused)('given %s', (_what, options) => {
    expect(thrownBy(() => take(options as never))).toMatchObject({
      name: 'NpyError',
      code: 'NPY_OPTION',
      fault: 'caller',
    });
  });

  test.each([[undefined], [null], [{}], [Object.create(null)]])('given %j, which is nothing', (options) => {
    expect(() => take(options as never)).not.toThrow();
  });

  test('given anything at all', () => {
    fc.assert(
      fc.property(fc.anything(), (options) => {
        try {
          take(options as never);
        } catch (error) {
          expect(isNpyError(error)).toBe(true);
          return;
        }
        // Only options without any name may pass.
        expect(Object.keys(Object(options))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe.each(Object.entries(asynchronous))('%s', (_, take) => {
  test.each(noOptions)('given %s', async (_what, options) => {
    await expect(take(options as never)).rejects.toMatchObject({ name: 'NpyError', code: 'NPY_OPTION' });
  });
});

test.each<[string, () => unknown, string]>([
  ['a shape is not an option of encode', () => encode(six, { shape: [2, 3] } as never), 'NPY_OPTION'],
  ['copy that is no boolean', () => decode(file, { copy: 'yes' as never }), 'NPY_OPTION'],
  ['a codec by its name', () => decode(file, { objects: 'pickle' as never }), 'NPY_OBJECTS'],
  ['a codec by its name, to write', () => encode(six, { objects: 'pickle' as never }), 'NPY_OBJECTS'],
  ['objects among numbers alone', () => numeric.decode(file, { objects: {} } as never), 'NPY_OPTION'],
  ['an invalid protocol', () => pickle.with({ protocol: 2 as never }), 'NPY_OPTION'],
  ['an invalid encoding', () => pickle.with({ encoding: 'utf8' as never }), 'NPY_OPTION'],
  ['an invalid module', () => pickle.with({ numpyCore: 'numpy' as never }), 'NPY_OPTION'],
  ['limits that are a number', () => decode(file, { limits: 100 as never }), 'NPY_OPTION'],
  ['limits that are a text', () => decode(file, { limits: '100' as never }), 'NPY_OPTION'],
  ['a limit that is a text', () => decode(file, { limits: { maxBytes: '100' as never } }), 'NPY_LIMIT'],
  ['a limit that is NaN', () => decode(file, { limits: { maxBytes: Number.NaN } }), 'NPY_LIMIT'],
  ['a dtype that is an object', () => decode(file, { dtype: {} as never }), 'NPY_DESCR'],
  ['a dtype that is an object, to write', () => encode(six, { dtype: {} as never }), 'NPY_DESCR'],
  ['a shape that is a number', () => array(six, { shape: 6 as never }), 'NPY_ARRAY'],
  ['an order that is a text', () => encode(six, { fortranOrder: 'F' as never }), 'NPY_HEADER'],
  ['target and options in the other order', () => encodeInto(six, {} as never, target as never), 'NPY_OPTION'],
])('%s', (_, call, code) => {
  expect(thrownBy(call)).toMatchObject({ name: 'NpyError', code, fault: 'caller' });
});

test.each([
  ['maxbytes', 'maxBytes'],
  ['maxByte', 'maxBytes'],
  ['maxElemenst', 'maxElements'],
  ['max_elements', 'maxElements'],
  ['maxHeaderCharacter', 'maxHeaderCharacters'],
])('the name %s is refused, and %s is proposed', (name, near) => {
  expect(thrownBy(() => decode(file, { limits: { [name]: 1 } }))).toMatchObject({
    message:
      `npy: unknown name "${name}" in limits. Did you mean ${near}? ` +
      'Known names: maxHeaderCharacters, maxElements, maxBytes',
  });
});

test.each(['', 'x', 'c', 'timeout', 'maxCharacters', 'dtypes of the array'])('near %j is no known name', (name) => {
  expect(thrownBy(() => decode(file, { [name]: 1 } as never))).toMatchObject({
    message: `npy: unknown name ${JSON.stringify(name)} in options. Known names: dtype, copy, objects, limits`,
  });
});

test('what readHeader returns is a set of options for encode', () => {
  const header = readHeader(file);
  expect(encode(six, header)).toEqual(file);
  expect(encode(six, { ...header, version: [2, 0] })[6]).toBe(2);
});

test('a misspelt name is refused where a constructor takes a record', () => {
  const shape = [1];
  expect(thrownBy(() => new PyTime({ minutes: 5 } as never))).toMatchObject({
    code: 'NPY_OPTION',
    message: expect.stringContaining('Did you mean minute?'),
  });
  expect(thrownBy(() => new PyDateTime(2024, 1, 1, { hours: 5 } as never))).toMatchObject({ code: 'NPY_OPTION' });
  expect(new PyDateTime(2024, 1, 1, new PyDateTime(2023, 2, 3, { hour: 4 })).hour).toBe(4);
  expect(thrownBy(() => new NumpyArray('|O', { shape, item: [1] } as never))).toMatchObject({
    code: 'NPY_OPTION',
    message: expect.stringContaining('Did you mean items?'),
  });
});

test('a list under a name that is nearly shape is refused, because the shape would be ignored', () => {
  for (const name of ['shpae', 'Shapes', 'sahpe']) {
    expect(thrownBy(() => encode({ data: six, [name]: [2, 3] }))).toMatchObject({
      code: 'NPY_ARRAY',
      detail: { name },
    });
  }
  expect(encode({ data: six, shape: [2, 3], shapes: [9] } as never)).toEqual(encode({ data: six, shape: [2, 3] }));
  expect(encode({ data: six, share: true } as never)).toEqual(encode(six));
});
