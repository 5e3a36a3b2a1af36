// The array that a command reads: from a file, from standard input, or from what somebody else writes into (a FIFO, a
// terminal, a device). A read of those may wait for ever, and Node does not end while one of its threads does: so they are
// read as sockets are, and a signal ends that.
import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { isatty, ReadStream as Terminal } from 'node:tty';
import { type AnyNdArray, decode, decodeStream, isNpyError, NpyError } from '@bridge/npy';
import { load } from '@bridge/npy/node';
import { quoted } from '../../errors/quoted.ts';

/** Names of standard input, which may be a socket, and cannot be opened then. */
const STDIN: ReadonlySet<string> = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/**
 * The first array that is there.
 * @throws NpyError; the system's own errors; an AbortError where the signal ended it
 */
export async function readArray(path: string, signal: AbortSignal): Promise<AnyNdArray> {
  try {
    return await readFrom(path, signal);
  } catch (error) {
    if (!isNpyError(error, 'NPY_OBJECTS')) throw error;
    // npy advises to give a codec: there is none to give here.
    const message = `${quoted(path, 200)} is an object array, which is a pickle: object arrays are not sent, since their pickles are run \
by whoever reads them`;
    throw new NpyError('NPY_OBJECTS', message, error.detail, { cause: error });
  }
}

async function readFrom(path: string, signal: AbortSignal): Promise<AnyNdArray> {
  const stream = STDIN.has(path) ? process.stdin : waitedFor(path);
  if (!stream) return await load(path);
  addAbortSignal(signal, stream);
  for await (const array of decodeStream(stream)) return array;
  // `decode` throws the error of an empty file.
  return decode(new Uint8Array(0));
}

/** What is no file, opened without waiting for who writes into it; undefined where it is one. */
function waitedFor(path: string): Readable | undefined {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = fstatSync(fd);
  if (stats.isFIFO()) return new Socket({ fd, readable: true, writable: false });
  if (isatty(fd)) return new Terminal(fd);
  if (stats.isCharacterDevice()) return createReadStream(path, { fd });
  closeSync(fd);
  return undefined;
}
