// Reads the arrays of a command from a file, from standard input, or from a FIFO, a terminal or a device. A read from the latter three may
// wait forever, and Node.js does not exit while one of its threads waits in a read. So they are read through streams, whose wait a signal
// can end.
import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { isatty, ReadStream as Terminal } from 'node:tty';
import { type AnyNdArray, decode, decodeStream, isNpyError, NpyError } from '@bridge/npy';
import { load } from '@bridge/npy/node';
import type { Named } from '../../codecs/codec.ts';
import { npz } from '../../codecs/npz.ts';
import { quoted } from '../../errors/quoted.ts';

/** The names of standard input. If it is a socket, these cannot be opened. */
const STDIN: ReadonlySet<string> = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/**
 * Resolves with the first array of the input.
 * @throws NpyError; the system's errors; an AbortError if the signal ended the wait
 */
export async function readArray(path: string, signal: AbortSignal): Promise<AnyNdArray> {
  return await withoutObjects(path, readFrom(path, signal));
}

/**
 * Resolves with the arrays of an .npz archive.
 * @throws NpyError; the system's errors; an AbortError if the signal ended the wait
 */
export async function readArchive(path: string, signal: AbortSignal): Promise<Named<AnyNdArray>> {
  const stream = STDIN.has(path) ? process.stdin : waitedFor(path);
  if (stream) addAbortSignal(signal, stream);
  const bytes = stream ? await buffer(stream) : await readFile(path);
  return await withoutObjects(
    path,
    Promise.resolve().then(() => npz.decode(bytes)),
  );
}

/** Settles as `read` does, but with another message if the array holds objects. */
async function withoutObjects<T>(path: string, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (!isNpyError(error, 'NPY_OBJECTS')) throw error;
    // npy's message advises to pass a codec, which is not possible on a command line.
    const message = `${quoted(path, 200)} is an object array, which is a pickle: object arrays are not sent, because a program that \
reads a pickle runs it`;
    throw new NpyError('NPY_OBJECTS', message, error.detail, { cause: error });
  }
}

async function readFrom(path: string, signal: AbortSignal): Promise<AnyNdArray> {
  const stream = STDIN.has(path) ? process.stdin : waitedFor(path);
  if (!stream) return await load(path);
  addAbortSignal(signal, stream);
  for await (const array of decodeStream(stream)) return array;
  // `decode` throws the error for an empty file.
  return decode(new Uint8Array(0));
}

/** Returns a stream for a FIFO, a terminal or a device, opened without waiting for a writer; undefined for a file. */
function waitedFor(path: string): Readable | undefined {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = fstatSync(fd);
  if (stats.isFIFO()) return new Socket({ fd, readable: true, writable: false });
  if (isatty(fd)) return new Terminal(fd);
  if (stats.isCharacterDevice()) return createReadStream(path, { fd });
  closeSync(fd);
  return undefined;
}
