// Keeps the head of a message, which is its first bytes, until the message is whole. Errors include the head, because it shows which
// dialect the peer uses.

/** The most bytes of a head. */
export const HEAD_BYTES = 64;
const NOTHING: Uint8Array = new Uint8Array(0);

/** Returns a copy of `head` followed by the bytes of `chunk`, HEAD_BYTES at most. */
export function headWith(head: Uint8Array | undefined, chunk: Uint8Array): Uint8Array {
  const before = head ?? NOTHING;
  if (before.length >= HEAD_BYTES || chunk.length === 0) return before;
  const more = chunk.subarray(0, HEAD_BYTES - before.length);
  const longer = new Uint8Array(before.length + more.length);
  longer.set(before);
  longer.set(more, before.length);
  return longer;
}
