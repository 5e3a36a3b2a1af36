// The format of the output of a container without a terminal: Docker sends standard output and standard error in one stream.
//
//   | 1 stdout, 2 stderr | 0 0 0 | length, uint32 big-endian | so many bytes |
import { HeadedStream } from './headed-stream.ts';

const STDERR = 2;

/** Returns a splitter that separates the two. Pieces are passed on as they arrive, as views of the chunks. */
export function demultiplexer(write: (source: 'stdout' | 'stderr', bytes: Uint8Array) => void): HeadedStream {
  return new HeadedStream({
    headBytes: 8,
    bodyBytes: (head) => head.getUint32(4),
    piece: (head, bytes) => {
      if (bytes.length > 0) write(head.getUint8(0) === STDERR ? 'stderr' : 'stdout', bytes);
    },
  });
}
