// Keeps the first bytes of a message, its head, until the message is whole. Errors show them, because they tell which dialect the peer
// uses.

/** The most bytes of a message that errors show. */
export const SHOWN_BYTES = 64;
const NOTHING: Uint8Array = new Uint8Array(0);

/** Returns a copy of `head` followed by the bytes of `chunk`, SHOWN_BYTES at most. */
export function withFirstBytes(head: Uint8Array | undefined, chunk: Uint8Array): Uint8Array {
  const before = head ?? NOTHING;
  if (before.length >= SHOWN_BYTES || chunk.length === 0) return before;
  const more = chunk.subarray(0, SHOWN_BYTES - before.length);
  const longer = new Uint8Array(before.length + more.length);
  longer.set(before);
  longer.set(more, before.length);
  return longer;
}
