// The codec of pickled arrays: pickle.dumps(array) writes such messages, and pickle.loads reads them. The reader here runs nothing that a
// pickle says. Python's own reader does, so a Python program should read pickles only from hosts that it trusts.
import { type AnyNdArray, type ArrayInput, array } from '@bridge/npy';
import { decodePickle, type EncodePickleOptions, encodePickleParts, readPickleHeader } from '@bridge/npy/pickle';
import { type Names, optionsOf } from '../errors/options.ts';
import type { ArrayCodec, ArrayKind, CodecDecodeOptions, Encoded } from './codec.ts';
import { checkSize } from './message-size.ts';
import { prepareOne } from './one-array.ts';

/**
 * Options of `pickled`: those of `encodePickle` in @bridge/npy/pickle, except that `numpyCore` is `numpy.core` by default. Every NumPy can
 * read that, while NumPy before 1.26 cannot read `numpy._core`, and the version of a peer's NumPy is not known.
 */
export type PickledMessageOptions = Pick<EncodePickleOptions, 'protocol' | 'numpyCore'>;

const PICKLED: Names<PickledMessageOptions> = { protocol: true, numpyCore: true };

/**
 * Returns a codec of one pickled array in each message: `pickle.dumps(frame)`. It reads pickles of every protocol (0 to 5) that hold an
 * array or a NumPy scalar and nothing else, and runs nothing.
 *
 * @throws BridgeError BRIDGE_OPTION
 * @example
 * // struct.pack('Q', len(data)) + data, where data = pickle.dumps(frame)
 * const dialect = dialects.prefixed({ bytes: 8, endian: 'little', codec: codecs.pickled() });
 */
export function pickled(options?: PickledMessageOptions): ArrayCodec {
  const given = { numpyCore: 'numpy.core', ...optionsOf<PickledMessageOptions>('options', options, PICKLED) } as const;
  // Encoding one array checks the values of the options.
  encodePickleParts({ data: new Uint8Array(0) }, given);
  return new PickledMessageCodec(given);
}

class PickledMessageCodec implements ArrayCodec {
  readonly name = 'pickled';
  readonly title = 'one pickled array';
  readonly carries = 'array';
  readonly #options: PickledMessageOptions;

  constructor(options: PickledMessageOptions) {
    this.#options = options;
  }

  encode(input: ArrayInput, maxMessageBytes: number): Encoded<ArrayKind> {
    const prepared = prepareOne('pickled', input);
    const { dtype, shape, byteLength } = prepared;
    // A pickle has at least the elements, whose size is that of the .npy file without its header.
    checkSize(byteLength === undefined ? undefined : byteLength - HEADER_BYTES, maxMessageBytes);
    return { message: encodePickleParts(prepared, this.#options), kind: { dtype, shape } };
  }

  kindOf(message: Uint8Array): ArrayKind {
    const { dtype, shape } = readPickleHeader(message, WHOLE);
    return { dtype, shape };
  }

  decode(message: Uint8Array, { dtype }: CodecDecodeOptions = {}): AnyNdArray {
    return array(decodePickle(message, dtype === undefined ? WHOLE : { ...WHOLE, dtype })) as AnyNdArray;
  }
}

/** A message is one pickle, and nothing behind it. */
const WHOLE = { whole: true } as const;

/** The size of the shortest .npy header. */
const HEADER_BYTES = 128;
