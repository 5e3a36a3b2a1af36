// The codec of np.save's bytes: one array in each message, as the server of `dialects.seed` and most similar programs send it.
import { decode, readHeader } from '@bridge/npy';
import type { ArrayCodec, ArrayKind, CodecDecodeOptions, Encoded } from './codec.ts';
import { checkSize } from './message-size.ts';
import { prepareOne } from './one-array.ts';

/**
 * One array in each message, as np.save writes it and np.load reads it.
 *
 * @example
 * await using model = connect('tcp://127.0.0.1:6000', { codec: codecs.npy }); // the default
 */
export const npy: ArrayCodec = {
  name: 'npy',
  title: 'one .npy array',
  carries: 'array',
  encode(input, maxMessageBytes): Encoded<ArrayKind> {
    const prepared = prepareOne('npy', input);
    // Checked before `parts`, which takes memory for the data of a strided array.
    checkSize(prepared.byteLength, maxMessageBytes);
    return { message: prepared.parts(), kind: { dtype: prepared.dtype, shape: prepared.shape } };
  },
  kindOf(message): ArrayKind {
    const header = readHeader(message);
    if (!header) throw new Error('it ends inside its header');
    const { dtype, shape, dataOffset, dataBytes } = header;
    // An object array is a pickle, which does not say where it ends.
    const bytes = dataOffset + dataBytes;
    if (dataBytes !== Number.POSITIVE_INFINITY && bytes !== message.length) {
      throw new Error(`it has ${message.length} bytes, and its header says ${bytes}`);
    }
    return { dtype, shape };
  },
  decode: (message, options: CodecDecodeOptions = {}) =>
    decode(message, options.dtype === undefined ? {} : { dtype: options.dtype }),
};
