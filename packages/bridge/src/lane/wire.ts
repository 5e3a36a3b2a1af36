// The lane's bytes, both ways. The model's end is packages/bridge/shim/npbridge_shim, above all
// frames.py and host.py: a change here is a change there.
//
//   0      1      2      4                8                               16
//   ┌──────┬──────┬──────┬────────────────┬───────────────────────────────┬─────────────────
//   │ kind │ slot │ 0  0 │ sequence (u32) │ length (u64)                  │ length bytes …
//   └──────┴──────┴──────┴────────────────┴───────────────────────────────┴─────────────────   little-endian
//
// host to model
//   Q  request    the bytes that the model's own socket would have brought: its dialect's header, then the message
//   M  request    the same, at the front of the file `lane.sock.request-SLOT`; none follow the head
// model to host
//   H  hello      text: JSON { lane: 1, pid, python }; the model waits for messages
//   R  reply      a part of the reply to the oldest request that has not ended
//   S  reply      the same, at the front of the file `lane.sock.reply-SLOT`; none follow the head
//   E  end        that reply is over: the model closed its connection, or accepts the next one
//   X  died       text: the traceback, empty where there is none; `sequence` is the last request that the model took
//   D  declined   text: why the lane ends; the same `sequence`. What the model took is still answered
//   B  busy       another host has the lane
//
// Texts have 64 KiB at most, the slot is 0 where it is not said to be another, heads of B and E have no length, and those of R and S have one. Whatever is
// different breaks the lane. Hello comes first, unless it is B or D.
//
// Sequences count a connection's requests from 1. A request's slot is 0, or the number of a pair of files that is its own
// until its end: the reply may come in one of them. Requests are answered in order; the next one may be sent at any time.

/** What a frame is. */
export type LaneKind = 'Q' | 'M' | 'H' | 'R' | 'S' | 'E' | 'X' | 'D' | 'B';

/** The front of a frame. */
export interface LaneHead {
  readonly kind: LaneKind;
  readonly slot: number;
  readonly sequence: number;
  /** Bytes that follow, or that lie in memory. */
  readonly length: number;
}

/** What a model says of itself. */
export interface LaneHello {
  /** Its process, as its own container numbers it. */
  readonly pid: number;
  /** The version of its Python: `3.11.2`. */
  readonly python: string;
}

export const HEAD_BYTES = 16;
/** The longest text of a model. */
export const TEXT_BYTES = 65_536;
const KINDS: ReadonlyMap<number, LaneKind> = new Map(
  (['Q', 'M', 'H', 'R', 'S', 'E', 'X', 'D', 'B'] as const).map((kind) => [kind.charCodeAt(0), kind]),
);
const HIGH = 2 ** 32;

/** A head as bytes. */
export function encodeHead({ kind, slot, sequence, length }: LaneHead): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = kind.charCodeAt(0);
  bytes[1] = slot;
  view.setUint32(4, sequence, true);
  view.setUint32(8, length % HIGH, true);
  view.setUint32(12, Math.floor(length / HIGH), true);
  return bytes;
}

/** The head at `at` in `bytes`, of which there are enough; undefined where there is none. */
export function decodeHead(bytes: Uint8Array, at = 0): LaneHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEAD_BYTES);
  const kind = KINDS.get(view.getUint8(0));
  const length = view.getUint32(8, true) + view.getUint32(12, true) * HIGH;
  if (kind === undefined || view.getUint16(2) !== 0 || !Number.isSafeInteger(length)) return undefined;
  return { kind, slot: view.getUint8(1), sequence: view.getUint32(4, true), length };
}

/** What a hello says; undefined where it is none. */
export function helloOf(text: string): LaneHello | undefined {
  try {
    const { lane, pid, python } = Object(JSON.parse(text)) as Record<string, unknown>;
    if (lane !== 1 || !Number.isSafeInteger(pid) || typeof python !== 'string') return undefined;
    return /^\d{1,3}(\.\d{1,3}){2}$/.test(python) ? { pid: pid as number, python } : undefined;
  } catch {
    return undefined;
  }
}
