// Writes the bytes of a command's arrays. A file is written under another name in its folder, and renamed when it is complete: until then
// the old file stays as it was, even if the disk is full. Standard output, a FIFO or a device is written directly, and a signal ends the
// wait for a reader.
import { randomBytes } from 'node:crypto';
import { constants, fstatSync, openSync, rmSync, type Stats, writeSync } from 'node:fs';
import { type FileHandle, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

const STDOUT: ReadonlySet<string> = new Set(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']);
/** The path of an open file by its descriptor. The program that opened it goes on using it, so the file cannot be replaced. */
const DESCRIPTOR = /^(?:\/dev\/(?:stderr|fd\/\d+)|\/proc\/[^/]+\/fd\/\d+)$/;
/** The most bytes of one write. Between two writes the signal is checked. */
const PIECE_BYTES = 2 ** 24;
/** The time between two attempts to open a FIFO that nobody reads yet. */
const READER_MS = 50;
/** The system's errors when there is no room on the disk. */
const NO_ROOM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Resolves when all parts are written.
 * @throws the system's errors; `signal.reason` when aborted
 */
export async function writeParts(path: string, parts: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
  const pieces = parts.flatMap(piecesOf);
  if (STDOUT.has(path)) return await writeStdout(pieces, signal);
  const there = await statIfThere(path);
  if (there?.isFIFO()) return await writeFifo(path, pieces, signal);
  if ((there && !there.isFile()) || DESCRIPTOR.test(path)) return await writeStraight(path, pieces, signal);
  await replace(path, there, pieces, signal);
}

/** Resolves with a file's state; with undefined if there is no file. @throws the system's other errors, as for links that form a circle */
async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function piecesOf(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / PIECE_BYTES);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES));
}

async function replace(path: string, old: Stats | undefined, pieces: Uint8Array[], signal: AbortSignal): Promise<void> {
  const target = await followed(path);
  const beside = join(dirname(target), `.npbridge-${process.pid}-${randomBytes(6).toString('hex')}`);
  const file = await openBeside(beside, old, path);
  // No file can be created in the folder, or the new file would have another owner.
  if (!file) return await writeStraight(path, pieces, signal);
  const clear = (): void => rmSync(beside, { force: true });
  process.once('exit', clear);
  try {
    try {
      await writeTo(file, pieces, signal);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw signal.aborted ? error : unchanged(error, path, old);
  } finally {
    process.off('exit', clear);
  }
}

/** Resolves with the path to which all symbolic links lead. There may be no file at it yet. */
async function followed(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const link = await readlink(path).catch(() => undefined);
    return link === undefined ? path : await followed(resolve(dirname(path), link));
  }
}

/** Creates a new file with the owner and permissions of the old one. Resolves with undefined if that is not possible. */
async function openBeside(beside: string, old: Stats | undefined, path: string): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    // Other users must not be able to read the file until it has the permissions of the old one.
    file = await open(beside, 'wx', old ? 0o600 : 0o666);
  } catch (error) {
    if (NO_ROOM.has((error as NodeJS.ErrnoException).code)) throw unchanged(error, path, old);
    return undefined;
  }
  if (!old) return file;
  try {
    const made = await file.stat();
    if (made.uid !== old.uid || made.gid !== old.gid) await file.chown(old.uid, old.gid);
    await file.chmod(old.mode & 0o7777);
    return file;
  } catch {
    await file.close();
    await rm(beside, { force: true });
    return undefined;
  }
}

/** Returns the system's error, with the state of the file in its message. */
function unchanged(error: unknown, path: string, old: Stats | undefined): Error {
  const { message, code } = error as NodeJS.ErrnoException;
  const state = old ? 'is as it was' : 'was not made';
  return Object.assign(new Error(`${message}; ${path} ${state}`, { cause: error }), { code });
}

async function writeStraight(path: string, pieces: Uint8Array[], signal: AbortSignal): Promise<void> {
  await using file = await open(path, 'w');
  await writeTo(file, pieces, signal);
}

/** Resolves when all pieces are written. A write may take fewer bytes than it was given. */
async function writeTo(file: FileHandle, pieces: Uint8Array[], signal: AbortSignal): Promise<void> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      signal.throwIfAborted();
      at += (await file.write(piece, at)).bytesWritten;
    }
  }
}

async function writeStdout(pieces: Uint8Array[], signal: AbortSignal): Promise<void> {
  const { fd } = process.stdout;
  const stats = fstatSync(fd);
  if (!stats.isFile()) return await writeStream(process.stdout, pieces, signal);
  // The stream that Node.js has for a file does not check how many bytes a write has taken.
  for (const piece of pieces) for (let at = 0; at < piece.length; ) at += writeSync(fd, piece, at);
}

async function writeFifo(path: string, pieces: Uint8Array[], signal: AbortSignal): Promise<void> {
  const fd = await openFifo(path, signal);
  const socket = new Socket({ fd, readable: false, writable: true });
  // The write that fails reports the error.
  socket.on('error', () => {});
  try {
    await writeStream(socket, pieces, signal);
  } finally {
    socket.destroy();
  }
}

/** Resolves with the descriptor of a FIFO that has a reader. No thread of Node.js waits for that reader. */
async function openFifo(path: string, signal: AbortSignal): Promise<number> {
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await sleep(READER_MS, undefined, { signal });
    }
  }
}

async function writeStream(stream: Writable, pieces: Uint8Array[], signal: AbortSignal): Promise<void> {
  for (const piece of pieces) {
    signal.throwIfAborted();
    await new Promise<void>((done, reject) => {
      const abort = (): void => reject(signal.reason);
      signal.addEventListener('abort', abort);
      stream.write(piece, (error) => {
        signal.removeEventListener('abort', abort);
        if (error) reject(unread(error));
        else done();
      });
    });
  }
}

/** Returns the error of a write, with a message of its own if the reader has closed the output. */
function unread(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'EPIPE') return error;
  const why = 'EPIPE: the reader of the output has closed it before its end';
  return Object.assign(new Error(why, { cause: error }), { code: error.code });
}
