// The codecs of np.savez's archives: several arrays by name in one message, or one array under the name that the peer expects.
import { type AnyNdArray, type ArrayInput, array, NpyError, type PreparedArray } from '@bridge/npy';
import { decodeNpz, encodeNpzParts, type NpzForm, readNpzHeaders } from '@bridge/npy/npz';
import { checkOption, type Names, optionsOf, tagOf } from '../errors/options.ts';
import { asDType } from './as-dtype.ts';
import type { ArrayCodec, ArrayKind, Encoded, Named, NamedArraysCodec } from './codec.ts';
import { checkSize } from './message-size.ts';
import { prepareOne } from './one-array.ts';
import { namedArrayError } from './schema.ts';

/**
 * Several arrays by name, as np.savez writes them (stored, not compressed) and np.load reads them.
 *
 * @example
 * const dialect = dialects.prefixed({ bytes: 8 }); // struct.pack('>Q', len(data)) + data, where np.savez wrote the data
 * await using model = connect('tcp://127.0.0.1:6000', { dialect, codec: codecs.npz });
 * const { boxes, scores } = await model.call({ image, state });
 */
export const npz: NamedArraysCodec = {
  name: 'npz',
  title: 'one .npz archive',
  carries: 'named arrays',
  encode(arrays, maxMessageBytes): Encoded<Named<ArrayKind>> {
    checkNamed(arrays);
    const prepared = Object.entries(arrays).map(([name, each]) => [name, prepareNamed(name, each)] as const);
    checkSize(sizeOf(prepared), maxMessageBytes);
    return {
      message: encodeNpzParts(new Map(prepared)),
      kind: record(prepared.map(([name, { dtype, shape }]) => [name, { dtype, shape }])),
    };
  },
  kindOf: (message) =>
    record(Object.entries(readNpzHeaders(message)).map(([name, { dtype, shape }]) => [name, { dtype, shape }])),
  decode: (message) =>
    record(Object.entries(decodeNpz(message)).map(([name, view]) => [name, array(view) as AnyNdArray])),
};

/** The name of the array in its archive, and the zip form in which archives are written. */
export interface NpzArrayOptions {
  /** The keyword of np.savez: `frame` of `np.savez(file, frame=array)`. */
  readonly name: string;
  /** The form of the archive: the option `form` of `encodeNpz` in @bridge/npy/npz. Default: `savez`, the form that np.savez writes. */
  readonly form?: NpzForm | undefined;
}

const NPZ_ARRAY: Names<NpzArrayOptions> = { name: true, form: true };

/**
 * Returns a codec of one array in each message, in an archive, under a name that both ends know. Other arrays in a peer's archive are
 * ignored.
 *
 * @throws BridgeError BRIDGE_OPTION; NpyError NPY_OPTION
 * @example
 * const frames = codecs.npzArray({ name: 'frame' }); // np.savez(file, frame=array)
 */
export function npzArray(options: NpzArrayOptions): ArrayCodec {
  const { name, form } = optionsOf<NpzArrayOptions>('options', options, NPZ_ARRAY);
  checkOption('name', name, typeof name === 'string', 'the name of the array in the archive');
  const known = name as string;
  const given = form === undefined ? {} : { form };
  // Encoding an empty archive checks the form.
  encodeNpzParts(new Map(), given);
  return {
    name: 'npzArray',
    title: `one .npz archive with an array ${known}`,
    carries: 'array',
    encode(input, maxMessageBytes): Encoded<ArrayKind> {
      const prepared = prepareOne('npzArray', input);
      checkSize(prepared.byteLength, maxMessageBytes);
      const { dtype, shape } = prepared;
      return { message: encodeNpzParts(new Map([[known, prepared]]), given), kind: { dtype, shape } };
    },
    kindOf(message): ArrayKind {
      const { dtype, shape } = memberOf(readNpzHeaders(message, { names: [known] }), known);
      return { dtype, shape };
    },
    decode(message, { dtype } = {}): AnyNdArray {
      return asDType(array(memberOf(decodeNpz(message, { names: [known] }), known)) as AnyNdArray, dtype);
    },
  };
}

/** @throws NpyError NPY_ARRAY unless `arrays` is an object with at least one array in it */
function checkNamed(arrays: Named<ArrayInput>): void {
  const isRecord = typeof arrays === 'object' && arrays !== null && tagOf(arrays) === 'Object' && !isOneArray(arrays);
  if (isRecord && Object.keys(arrays).length > 0) return;
  const given = isRecord ? 'an object without arrays' : tagOf(arrays);
  const message = `a message of the codec npz carries arrays by name, not ${given}: call({ image: array })`;
  throw new NpyError('NPY_ARRAY', message, { expected: 'arrays by name', actual: given });
}

/** Returns true for one array, whose elements are in `data`. A record may have an array of the name `data`, as `np.savez(file, data=x)`. */
function isOneArray({
  data,
  shape,
  stride,
  dtype,
}: { readonly [K in 'data' | 'shape' | 'stride' | 'dtype']?: unknown }): boolean {
  return data !== undefined && (isList(shape) || isList(stride) || typeof dtype === 'string');
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

/** @throws BridgeError BRIDGE_SCHEMA with the array's name if the array cannot be encoded */
function prepareNamed(name: string, input: ArrayInput): PreparedArray {
  try {
    return prepareOne('npz', input);
  } catch (cause) {
    throw namedArrayError(name, cause);
  }
}

/** Returns the total size of the .npy files in the archive; undefined if the size of one of them is not known. */
function sizeOf(prepared: readonly (readonly [string, PreparedArray])[]): number | undefined {
  return prepared.reduce<number | undefined>(
    (bytes, [, { byteLength }]) => (bytes === undefined || byteLength === undefined ? undefined : bytes + byteLength),
    0,
  );
}

/** Returns the archive's array of that name. The reader has thrown if the archive has no such array. */
function memberOf<T>(byName: Named<T>, name: string): T {
  return byName[name] as T;
}

/** Returns an object without a prototype, so that names such as `__proto__` are ordinary properties. */
function record<T>(entries: readonly (readonly [string, T])[]): Named<T> {
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as Named<T>;
}
