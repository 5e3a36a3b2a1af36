// The frames of the lane: the bytes that host (this program) and model exchange. Nothing here reads or writes a socket. The model's end is
// the shim, above all packages/bridge/shim/npbridge_shim/frames.py and host.py: a change here needs a change there.
//
//   0      1      2      4                8                               16
//   ┌──────┬──────┬──────┬────────────────┬───────────────────────────────┬─────────────────
//   │ kind │ slot │ 0  0 │ sequence (u32) │ length (u64)                  │ length bytes …
//   └──────┴──────┴──────┴────────────────┴───────────────────────────────┴─────────────────   little-endian
//
// host to model
//   Q  request    the bytes that the model's own socket would have received: the dialect's header, then the message
//   M  request    the same, at the front of the file `lane.sock.request-SLOT`; no bytes follow the head
// model to host
//   H  hello      text: JSON { lane: 1, pid, python }; the model waits for messages
//   R  reply      a part of the reply to the oldest request that has not ended
//   S  reply      the same, at the front of the file `lane.sock.reply-SLOT`; no bytes follow the head
//   E  end        the reply is over: the model closed its connection, or accepts the next one
//   X  died       text: the traceback, empty if there is none; `sequence` is the last request that the model took
//   D  declined   text: why the lane ends; `sequence` as in X. The requests that the model took are still answered
//   B  busy       another host has the lane
//
// A text has at most 64 KiB. The length is 0 in B and E, and not 0 in R and S. The first frame of a model is H, B or D. Any other frame
// makes the lane invalid.
//
// The sequence counts a connection's requests from 1. The slot of a request is 0, or the number of a pair of files that it has until its
// end: one may hold the request, the other its reply. In frames other than Q, M and S the slot is 0. Requests are answered in order; the
// next one may be sent at any time.

/** The kind of a frame. */
export type LaneKind = 'Q' | 'M' | 'H' | 'R' | 'S' | 'E' | 'X' | 'D' | 'B';

/** The head of a frame. */
export interface LaneHead {
  readonly kind: LaneKind;
  readonly slot: number;
  readonly sequence: number;
  /** The number of bytes that follow the head, or that are in a lent file. */
  readonly length: number;
}

/** The model's hello. */
export interface LaneHello {
  /** The number of the model's process, in its own container. */
  readonly pid: number;
  /** The version of its Python: `3.11.2`. */
  readonly python: string;
}

export const HEAD_BYTES = 16;
/** The longest text in a frame from a model, in bytes. */
export const TEXT_BYTES = 65_536;
/** The kind of a frame, by the first byte of its head. */
const KINDS: readonly (LaneKind | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  (['Q', 'M', 'H', 'R', 'S', 'E', 'X', 'D', 'B'] as const).find((kind) => kind.charCodeAt(0) === byte),
);
const HIGH = 2 ** 32;

/** Returns a head as bytes of its own. */
export function encodeHead(head: LaneHead): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES);
  writeHead(bytes, head);
  return bytes;
}

/** Writes a head to the front of `bytes`, byte by byte, because creating a DataView takes longer than that. */
export function writeHead(bytes: Uint8Array, { kind, slot, sequence, length }: LaneHead): void {
  bytes[0] = kind.charCodeAt(0);
  bytes[1] = slot;
  bytes[2] = 0;
  bytes[3] = 0;
  writeUint32(bytes, 4, sequence);
  writeUint32(bytes, 8, length % HIGH);
  writeUint32(bytes, 12, Math.floor(length / HIGH));
}

/** Returns the head at `at` in `bytes`, which must have 16 bytes from there on; undefined if those are not a head. */
export function decodeHead(bytes: Uint8Array, at = 0): LaneHead | undefined {
  const kind = KINDS[bytes[at] ?? 0];
  const length = readUint32(bytes, at + 8) + readUint32(bytes, at + 12) * HIGH;
  if (kind === undefined || bytes[at + 2] !== 0 || bytes[at + 3] !== 0 || !Number.isSafeInteger(length))
    return undefined;
  return { kind, slot: bytes[at + 1] ?? 0, sequence: readUint32(bytes, at + 4), length };
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

function readUint32(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  return low + (bytes[at + 3] ?? 0) * 2 ** 24;
}

/** Returns the model's hello; undefined if `text` is not one. */
export function helloOf(text: string): LaneHello | undefined {
  try {
    const { lane, pid, python } = Object(JSON.parse(text)) as Record<string, unknown>;
    if (lane !== 1 || !Number.isSafeInteger(pid) || typeof python !== 'string') return undefined;
    return /^\d{1,3}(\.\d{1,3}){2}$/.test(python) ? { pid: pid as number, python } : undefined;
  } catch {
    return undefined;
  }
}
