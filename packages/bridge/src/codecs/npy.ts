// The codec of np.save's bytes: one array in each message, as the server of `dialects.seed` and most similar programs send it.
import { type AnyNdArray, decode, readHeader } from '@bridge/npy';
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
  kindOf: kindOfMessage,
  decode(message, { dtype }: CodecDecodeOptions = {}): AnyNdArray {
    const decoded = decode(message, dtype === undefined ? {} : { dtype }) as AnyNdArray;
    // The elements are mostly a view of the message, whose end shows that nothing follows them. Else the header tells the size.
    const { data } = decoded as { readonly data: { readonly raw?: unknown } };
    if (!isEndOf(message, data.raw ?? data)) kindOfMessage(message);
    return decoded;
  },
};

/** @throws Error if the message is shorter or longer than its header says */
function kindOfMessage(message: Uint8Array): ArrayKind {
  const header = readHeader(message);
  if (!header) throw new Error('it ends inside its header');
  const { dtype, shape, dataOffset, dataBytes } = header;
  // An object array is a pickle, which does not say where it ends.
  const bytes = dataOffset + dataBytes;
  if (dataBytes !== Number.POSITIVE_INFINITY && bytes !== message.length) {
    throw new Error(`it has ${message.length} bytes, and its header says ${bytes}`);
  }
  return { dtype, shape };
}

function isEndOf(message: Uint8Array, data: unknown): boolean {
  if (!ArrayBuffer.isView(data) || data.buffer !== message.buffer) return false;
  return data.byteOffset + data.byteLength === message.byteOffset + message.length;
}
