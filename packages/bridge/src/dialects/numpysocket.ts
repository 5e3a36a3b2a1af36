// The PyPI package `numpysocket`: digits, a colon, and what np.savez(f, frame=array) writes, both ways, on one connection
// for all messages.
//   "921900:" | local header | frame.npy, stored | central directory | its end
// Only this one shape of zip is written and read here: one member, not compressed, less than 4 GiB.
import { decimalLength, type FrameDecoder, type Framing, messageBytes, TransportError } from '@bridge/transport';
import type { ArrayCodec } from '../codecs/codec.ts';
import { crc32 } from '../codecs/crc32.ts';
import { npy } from '../codecs/npy.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import type { Dialect } from './dialect.ts';

const NAME = Uint8Array.from('frame.npy', (c) => c.charCodeAt(0));
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const STORED = 0;
/** Version 2.0, which every reader knows. */
const VERSION = 20;
/** 1 January 1980: a zip has to say some date. */
const EPOCH = 0x0021_0000;
const MAX_ENTRY_BYTES = 0xffff_fffe - LOCAL_BYTES - NAME.length;

const framed = decimalLength({ end: ':' });

/** np.savez with one member. */
const npzFrame: Framing = {
  maxMessageBytes: MAX_ENTRY_BYTES,
  encode(message) {
    const bytes = messageBytes(message);
    const crc = message.reduce((value, part) => crc32(part, value), 0);
    return framed.encode([entry(LOCAL, LOCAL_BYTES, crc, bytes), ...message, directory(crc, bytes)]);
  },
  decoder: (limits) => new MemberDecoder(framed.decoder(limits)),
};

export const numpysocket: Dialect = {
  name: 'numpysocket',
  request: npzFrame,
  reply: npzFrame,
  connection: 'persistent',
  codec: { request: refusingNothing(npy), reply: npy },
};

/** numpysocket takes an array whose len() is zero for the end of the connection. */
function refusingNothing(codec: ArrayCodec): ArrayCodec {
  return {
    ...codec,
    encode(input, maxMessageBytes) {
      const encoded = codec.encode(input, maxMessageBytes);
      if ((encoded.kind.shape[0] ?? 0) > 0) return encoded;
      const message = 'numpysocket takes an array whose len() is zero for the end of the connection';
      throw new BridgeError('BRIDGE_SCHEMA', message, { side: 'input', dialect: 'numpysocket', actual: encoded.kind });
    },
  };
}

/** A local header, or an entry of the central directory: they differ in front and behind of what both say. */
function entry(signature: number, headBytes: number, crc: number, bytes: number): Uint8Array {
  const head = new Uint8Array(headBytes + NAME.length);
  const view = new DataView(head.buffer);
  view.setUint32(0, signature, true);
  view.setUint16(4, VERSION, true);
  const at = signature === CENTRAL ? 6 : 4;
  view.setUint16(at, VERSION, true);
  view.setUint32(at + 6, EPOCH, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, bytes, true);
  view.setUint32(at + 18, bytes, true);
  view.setUint16(at + 22, NAME.length, true);
  head.set(NAME, headBytes);
  return head;
}

function directory(crc: number, bytes: number): Uint8Array {
  const central = entry(CENTRAL, CENTRAL_BYTES, crc, bytes);
  const end = new Uint8Array(central.length + END_BYTES);
  end.set(central);
  const view = new DataView(end.buffer, central.length);
  view.setUint32(0, END, true);
  view.setUint16(8, 1, true);
  view.setUint16(10, 1, true);
  view.setUint32(12, central.length, true);
  view.setUint32(16, LOCAL_BYTES + NAME.length + bytes, true);
  return end;
}

/** Takes the member out of each message. */
class MemberDecoder implements FrameDecoder {
  readonly #messages: FrameDecoder;

  constructor(messages: FrameDecoder) {
    this.#messages = messages;
  }

  get pendingBytes(): number {
    return this.#messages.pendingBytes;
  }

  get wholeBytes(): number | undefined {
    return this.#messages.wholeBytes;
  }

  push(chunk?: Uint8Array): Uint8Array | undefined {
    return member(this.#messages.push(chunk));
  }

  space(): Uint8Array {
    return this.#messages.space();
  }

  filled(bytes: number): Uint8Array | undefined {
    return member(this.#messages.filled(bytes));
  }

  end(): Uint8Array | undefined {
    return member(this.#messages.end());
  }

  rest(): Uint8Array {
    return this.#messages.rest?.() ?? new Uint8Array(0);
  }
}

/** The bytes of `frame.npy` in a zip, in place. */
function member(zip: Uint8Array | undefined): Uint8Array | undefined {
  if (!zip) return undefined;
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - END_BYTES;
  if (end < 0 || view.getUint32(end, true) !== END) throw badZip('it does not end as a zip does', zip);
  const entries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < entries && at + CENTRAL_BYTES <= end; i++) {
    const nameBytes = view.getUint16(at + 28, true);
    const name = zip.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes);
    if (name.length === NAME.length && name.every((byte, j) => byte === NAME[j])) return stored(zip, view, at);
    at += CENTRAL_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  throw badZip('it has no member frame.npy', zip);
}

function stored(zip: Uint8Array, view: DataView, at: number): Uint8Array {
  const method = view.getUint16(at + 10, true);
  const crc = view.getUint32(at + 16, true);
  const bytes = view.getUint32(at + 24, true);
  const local = view.getUint32(at + 42, true);
  if (method !== STORED) throw badZip(`its member is compressed (method ${method})`, zip);
  if (local + LOCAL_BYTES > zip.length || view.getUint32(local, true) !== LOCAL)
    throw badZip('its directory lies', zip);
  const begin = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (begin + bytes > zip.length) throw badZip(`its member of ${bytes} bytes does not fit into it`, zip);
  const content = zip.subarray(begin, begin + bytes);
  if (crc32(content) !== crc) throw badZip('its checksum is wrong', zip);
  return content;
}

function badZip(why: string, zip: Uint8Array): TransportError {
  return new TransportError('TRANSPORT_BAD_FRAME', `the message is no npz with one member frame: ${why}`, {
    bytes: zip.length,
  });
}
