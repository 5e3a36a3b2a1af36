// A message: opaque bytes, held in parts that only the wire joins.

/** The bytes of one request or one reply, in order. */
export type Message = readonly Uint8Array[];

/** The bytes of all parts together. */
export function messageBytes(message: Message): number {
  let bytes = 0;
  for (const part of message) bytes += part.length;
  return bytes;
}

/** The parts as one: the only part itself where there is one, else fresh memory. */
export function joinMessage(message: Message): Uint8Array {
  const [only] = message;
  if (message.length === 1 && only) return only;
  const joined = new Uint8Array(messageBytes(message));
  let at = 0;
  for (const part of message) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
