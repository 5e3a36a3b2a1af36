// Keeps the head of a message, its first bytes, until the message is whole. Errors show the head, because it tells which dialect the peer has.

export const HEAD_BYTES = 64;
const NOTHING: Uint8Array = new Uint8Array(0);

/** Returns `head` and the bytes of `chunk` behind it, HEAD_BYTES at most, in memory of their own. */
export function headWith(head: Uint8Array | undefined, chunk: Uint8Array): Uint8Array {
  const before = head ?? NOTHING;
  if (before.length >= HEAD_BYTES || chunk.length === 0) return before;
  const more = chunk.subarray(0, HEAD_BYTES - before.length);
  const longer = new Uint8Array(before.length + more.length);
  longer.set(before);
  longer.set(more, before.length);
  return longer;
}
