// The frames between this program and exec-relay/relay.py, which says what each kind means. No I/O.
//
//   | kind, an ASCII letter | length, uint64 big-endian | so many bytes |

export const RELAY_HEAD_BYTES = 9;
/** The largest body of a frame that holds an errno as decimal digits. */
const ERRNO_BYTES = 8;
/** The largest piece of a reply. The relay's own pieces have a quarter of a mebibyte. */
const PIECE_BYTES = 2 ** 24;

/** Returns the head of a frame for the relay. */
export function relayHead(kind: 'M' | 'F' | 'C' | 'R', bytes: number): Uint8Array {
  const frame = new DataView(new ArrayBuffer(RELAY_HEAD_BYTES));
  frame.setUint8(0, kind.charCodeAt(0));
  frame.setBigUint64(1, BigInt(bytes));
  return new Uint8Array(frame.buffer);
}

/** Returns the kind of a frame of the relay. */
export function kindOfRelayHead(head: DataView): string {
  return String.fromCharCode(head.getUint8(0));
}

/** Returns the length of the body behind a head of the relay. */
export function bodyBytesOfRelayHead(head: DataView): number {
  return Number(head.getBigUint64(1));
}

/** Returns how a head breaks the protocol, whatever came before it; undefined if it does not. */
export function faultOfRelayHead(kind: string, bytes: number): string | undefined {
  const most = kind === 'D' ? PIECE_BYTES : kind === 'U' || kind === 'L' ? ERRNO_BYTES : 0;
  if (!'HAOSDEUL'.includes(kind)) return 'it sent an invalid frame';
  if (bytes > most) return `it declared a frame of ${bytes} bytes: expected at most ${most}`;
  if (kind === 'D' && bytes === 0) return 'it sent a part of a reply without bytes';
  return undefined;
}
