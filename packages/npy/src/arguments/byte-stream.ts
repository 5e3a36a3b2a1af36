// The chunks of a stream of bytes: of an iterable, of a web stream, of the body of a response.
import { NpyError } from '../errors.ts';
import type { BytesLike } from './bytes-like.ts';
import { describeNonBytes } from './hints.ts';

/** A web stream, of which only some browsers have an iterator. */
interface WebStream {
  getReader(): WebReader;
}

interface ReadChunk {
  readonly done: boolean;
  readonly value?: BytesLike | undefined;
}

interface WebReader {
  read(): Promise<ReadChunk>;
  cancel(): Promise<unknown>;
}

/**
 * Bytes in chunks: an iterable, a stream of Node, a ReadableStream, the `body` of a Response. That is null where the response has no
 * body: a stream without chunks.
 */
export type ByteStream = AsyncIterable<BytesLike> | Iterable<BytesLike> | WebStream | null;

/** Returns the chunks of a stream. @throws NpyError NPY_ARRAY if it is no stream */
export function chunksOf(stream: ByteStream): AsyncIterable<BytesLike> | Iterable<BytesLike> {
  if (stream === null) return [];
  const { [Symbol.asyncIterator]: many, [Symbol.iterator]: some, getReader } = Object(stream);
  if (typeof many === 'function' || typeof some === 'function') return stream as Iterable<BytesLike>;
  if (typeof getReader === 'function') return readEach((stream as WebStream).getReader());
  throw new NpyError('NPY_ARRAY', `npy: expected a stream of bytes, got ${describeNonBytes(stream)}`);
}

/** Returns what the stream's own iterator would be: a loop that ends early cancels the stream. */
function readEach(reader: WebReader): AsyncIterable<BytesLike> {
  const next = (): Promise<ReadChunk> => reader.read();
  const end = async (): Promise<ReadChunk> => {
    await reader.cancel();
    return { done: true };
  };
  // The cast: that there is a value wherever it is not done, is not in the type of a stream in all of TypeScript's libraries.
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) as AsyncIterator<BytesLike> };
}
