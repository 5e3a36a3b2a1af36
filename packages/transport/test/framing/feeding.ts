// Feeds bytes to a decoder in all possible ways: by `push` or into memory that it lends, whole or cut at any place. Every way must
// have the same outcome.
import type { FrameDecoder } from '../../src/framing/framing.ts';

/** The outcome of feeding: the messages in order, and the error that was thrown after them. */
export interface Outcome {
  readonly messages: Uint8Array[];
  readonly error?: unknown;
}

/** Feeds chunks one after the other, and returns the outcome. */
export type Feed = (decoder: FrameDecoder, chunks: readonly Uint8Array[]) => Outcome;

/** Returns `bytes` cut at the given places, which may be in any order and occur repeatedly. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => Math.min(place, bytes.length)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

/** Returns `bytes` as chunks of one byte. */
export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
}

/** Feeds chunks by `push`. */
export const pushing: Feed = (decoder, chunks) =>
  collect((take) => {
    for (const chunk of chunks) take(decoder, decoder.push(chunk));
  });

/** Feeds chunks by `space` and `filled`, as a socket does that reads into lent memory. */
export const filling: Feed = (decoder, chunks) =>
  collect((take) => {
    for (const chunk of chunks) fill(decoder, chunk, take);
  });

type Take = (decoder: FrameDecoder, message: Uint8Array | undefined) => void;

function fill(decoder: FrameDecoder, chunk: Uint8Array, take: Take): void {
  for (let at = 0; at < chunk.length; ) {
    const space = decoder.space();
    if (space.length === 0) throw new Error('space() is empty');
    const part = chunk.subarray(at, at + space.length);
    space.set(part);
    at += part.length;
    take(decoder, decoder.filled(part.length));
  }
}

/** Feeds chunks by `push` and by `space` and `filled` in turns. */
export const alternating: Feed = (decoder, chunks) => {
  let nth = 0;
  return collect((take) => {
    for (const chunk of chunks) {
      if (nth++ % 2 === 0) take(decoder, decoder.push(chunk));
      else fill(decoder, chunk, take);
    }
  });
};

/** Feeds chunks by `push`, takes at most one message for each chunk, and takes the rest after the last chunk. */
export const lagging: Feed = (decoder, chunks) => {
  const first: Uint8Array[] = [];
  const rest = collect((take) => {
    for (const chunk of chunks) {
      const message = decoder.push(chunk);
      if (message) first.push(message);
    }
    take(decoder, decoder.push());
  });
  return { ...rest, messages: [...first, ...rest.messages] };
};

export const feeds: readonly (readonly [name: string, feed: Feed])[] = [
  ['push', pushing],
  ['space and filled', filling],
  ['both in turns', alternating],
  ['push, lagging behind', lagging],
];

function collect(run: (take: Take) => void): Outcome {
  const messages: Uint8Array[] = [];
  try {
    run((decoder, first) => {
      for (let message = first; message; message = decoder.push()) messages.push(message);
    });
    return { messages };
  } catch (error) {
    return { messages, error };
  }
}
