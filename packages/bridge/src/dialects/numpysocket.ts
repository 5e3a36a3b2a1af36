// The dialect of the PyPI package `numpysocket`: decimal digits, a colon, and what np.savez(f, frame=array) writes, in both directions. One
// connection carries all messages.
//   "921900:" | an archive with the one array `frame`
import { decimalLength, type Framing } from '@bridge/transport';
import type { ArrayCodec } from '../codecs/codec.ts';
import { npzArray } from '../codecs/npz.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import type { Dialect } from './dialect.ts';

/** Sizes in an archive of zip 2.0 have 32 bits. */
const framing: Framing = { ...decimalLength({ end: ':' }), maxMessageBytes: 0xffff_ffff };

const frame = npzArray({ name: 'frame', form: 'plain' });

/** Rejects an array whose len() is zero, because numpysocket reads it as the end of the connection. */
const notEmpty: ArrayCodec = {
  ...frame,
  encode(input, maxMessageBytes) {
    const encoded = frame.encode(input, maxMessageBytes);
    if ((encoded.kind.shape[0] ?? 0) > 0) return encoded;
    const message = 'numpysocket reads an array whose len() is zero as the end of the connection';
    throw new BridgeError('BRIDGE_SCHEMA', message, { side: 'input', dialect: 'numpysocket', actual: encoded.kind });
  },
};

export const numpysocket: Dialect = {
  name: 'numpysocket',
  request: framing,
  reply: framing,
  connection: 'persistent',
  codec: { request: notEmpty, reply: frame },
};
