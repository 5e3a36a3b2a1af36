// The codec of pickled arrays: what pickle.dumps(array) writes and pickle.loads reads. Nothing is run by reading one here. Python's own
// reader does run what a pickle says, so a Python program should read the pickles of hosts that it trusts, and of no others.
import { type AnyNdArray, type ArrayInput, array } from '@bridge/npy';
import { decodePickle, type EncodePickleOptions, encodePickleParts } from '@bridge/npy/pickle';
import { messageBytes } from '@bridge/transport';
import { type Names, optionsOf } from '../errors/options.ts';
import type { ArrayCodec, ArrayKind, CodecDecodeOptions, Encoded } from './codec.ts';
import { checkSize } from './message-size.ts';
import { prepareOne } from './one-array.ts';

/**
 * Options of `pickled`. Both are as `encodePickle` of @bridge/npy/pickle has them, but that `numpyCore` is `numpy.core` by default: every NumPy
 * reads that, while NumPy before 1.26 does not read `numpy._core`. Nobody knows which NumPy a peer has.
 */
export type PickledOptions = Pick<EncodePickleOptions, 'protocol' | 'numpyCore'>;

const PICKLED: Names<PickledOptions> = { protocol: true, numpyCore: true };

/**
 * Makes a codec of one pickled array a message: `pickle.dumps(frame)`. It reads pickles of every protocol (0 to 5), arrays and NumPy
 * scalars alone, and runs nothing.
 *
 * @throws BridgeError BRIDGE_OPTION
 * @example
 * // struct.pack('Q', len(data)) + data, where data = pickle.dumps(frame)
 * const dialect = dialects.prefixed({ bytes: 8, endian: 'little', codec: codecs.pickled() });
 */
export function pickled(options?: PickledOptions): ArrayCodec {
  const given = { numpyCore: 'numpy.core', ...optionsOf<PickledOptions>('options', options, PICKLED) } as const;
  // Pickling something checks the values of the options.
  encodePickleParts({ data: new Uint8Array(0) }, given);
  return new PickledCodec(given);
}

class PickledCodec implements ArrayCodec {
  readonly name = 'pickled';
  readonly title = 'one pickled array';
  readonly carries = 'array';
  readonly #options: PickledOptions;

  constructor(options: PickledOptions) {
    this.#options = options;
  }

  encode(input: ArrayInput, maxMessageBytes: number): Encoded<ArrayKind> {
    const { dtype, shape, byteLength } = prepareOne('pickled', input);
    // The elements alone are nearly as large as the .npy file.
    checkSize(byteLength === undefined ? undefined : byteLength - HEADER_BYTES, maxMessageBytes);
    const message = encodePickleParts(array(input), this.#options);
    checkSize(messageBytes(message), maxMessageBytes);
    return { message, kind: { dtype, shape } };
  }

  kindOf(message: Uint8Array): ArrayKind {
    const { dtype, shape } = decodePickle(message);
    return { dtype, shape };
  }

  decode(message: Uint8Array, { dtype }: CodecDecodeOptions = {}): AnyNdArray {
    return array(decodePickle(message, dtype === undefined ? {} : { dtype })) as AnyNdArray;
  }
}

/** A .npy header has at least so many bytes. */
const HEADER_BYTES = 128;
