// The PyPI package `numpysocket`: digits, a colon, and what np.savez(f, frame=array) writes, both ways, on one connection for all
// messages.
//   "921900:" | an archive with the one array `frame`
import { decimalLength, type Framing } from '@bridge/transport';
import type { ArrayCodec } from '../codecs/codec.ts';
import { npzArray } from '../codecs/npz.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import type { Dialect } from './dialect.ts';

/** An archive of zip 2.0 says its sizes in 32 bits. */
const framing: Framing = { ...decimalLength({ end: ':' }), maxMessageBytes: 0xffff_ffff };

const frame = npzArray({ name: 'frame', form: 'plain' });

/** numpysocket takes an array whose len() is zero for the end of the connection, so it is refused. */
const notEmpty: ArrayCodec = {
  ...frame,
  encode(input, maxMessageBytes) {
    const encoded = frame.encode(input, maxMessageBytes);
    if ((encoded.kind.shape[0] ?? 0) > 0) return encoded;
    const message = 'numpysocket takes an array whose len() is zero for the end of the connection';
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
