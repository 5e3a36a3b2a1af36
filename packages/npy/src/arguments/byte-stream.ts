// Reads the chunks of a stream of bytes: an iterable, a web stream, or the body of a response.
import { NpyError } from '../errors.ts';
import type { BytesLike } from './bytes-like.ts';
import { describeNonBytes } from './hints.ts';

/** A web stream. Only some browsers make it iterable. */
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
 * Bytes in chunks: an iterable, a stream of Node, a ReadableStream, or the `body` of a Response. A body may be null, which is a stream
 * without chunks.
 */
export type ByteStream = AsyncIterable<BytesLike> | Iterable<BytesLike> | WebStream | null;

/** Returns the chunks of a stream. @throws NpyError NPY_ARRAY if it is not a stream */
export function chunksOf(stream: ByteStream): AsyncIterable<BytesLike> | Iterable<BytesLike> {
  if (stream === null) return [];
  const { [Symbol.asyncIterator]: many, [Symbol.iterator]: some, getReader } = Object(stream);
  if (typeof many === 'function' || typeof some === 'function') return stream as Iterable<BytesLike>;
  if (typeof getReader === 'function') return readEach((stream as WebStream).getReader());
  throw new NpyError('NPY_ARRAY', `npy: expected a stream of bytes, got ${describeNonBytes(stream)}`);
}

/** Returns an iterable over a web stream. A loop that ends early cancels the stream. */
function readEach(reader: WebReader): AsyncIterable<BytesLike> {
  const next = (): Promise<ReadChunk> => reader.read();
  const end = async (): Promise<ReadChunk> => {
    await reader.cancel();
    return { done: true };
  };
  // Cast: not all of TypeScript's libraries say that a chunk has a value unless it is done.
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) as AsyncIterator<BytesLike> };
}
