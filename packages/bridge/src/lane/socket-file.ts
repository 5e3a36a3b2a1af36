// The socket file and the note in a lane's folder (a note is a file with the reason for which the shim declined the lane). The model may
// write to the folder, and put anything under any name: a link, a device, a pipe that nobody fills, a file that grows. The host follows
// no link, waits for no file, and uses exactly the file that it has checked.
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { TEXT_BYTES } from './frames.ts';

const { O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Linux: opens a descriptor that identifies a file of any kind without reading it. Node has no name for this flag. */
const O_PATH = 0x20_0000;

/** A lane's socket file, held by a descriptor. */
export interface SocketFile {
  /** The path to connect to. It leads to exactly the socket that was checked. */
  readonly path: string;
  /** Closes the descriptor. Called once connecting has begun. */
  release(): void;
}

/**
 * Returns the socket file at `path`, or the reason why the file there is not valid. If there is no file, connecting gives the error. A
 * socket with several names is rejected, because it may belong to any program.
 */
export function openSocketFile(path: string): SocketFile | string {
  const plain: SocketFile = { path, release: () => {} };
  let fd: number | undefined;
  try {
    fd = process.platform === 'linux' ? openSync(path, O_PATH | O_NOFOLLOW) : undefined;
    const stats = fd === undefined ? lstatSync(path) : fstatSync(fd);
    if (!stats.isSocket() || stats.nlink > 1) {
      if (fd !== undefined) closeSync(fd);
      return `the lane's socket is ${kindOf(stats)}`;
    }
  } catch {
    return plain;
  }
  if (fd === undefined) return plain;
  const held = fd;
  const itself = `/proc/self/fd/${held}`;
  // Without /proc, the descriptor has no path.
  if (existsSync(itself)) return { path: itself, release: () => closeSync(held) };
  closeSync(held);
  return plain;
}

/** Resolves with true if there is anything at `path`. */
export async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

/** Resolves with the reason in the note of the lane at `path`, or with what is wrong with the note; with undefined if there is none. */
export async function readNote(path: string): Promise<string | undefined> {
  const note = `${path}.declined`;
  try {
    const fault = faultOfNote(await lstat(note));
    if (fault !== undefined) return fault;
    // The checked file may have been replaced since: a pipe must not block, and a terminal must not become this process's own.
    await using file = await open(note, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    const different = faultOfNote(await file.stat());
    if (different !== undefined) return different;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TEXT_BYTES), 0, TEXT_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : `the file that says why the model has no lane cannot be read (${code})`;
  }
}

function faultOfNote(stats: Stats): string | undefined {
  if (!stats.isFile() || stats.nlink > 1) return `the file that says why the model has no lane is ${kindOf(stats)}`;
  if (stats.size > TEXT_BYTES)
    return `the file that says why the model has no lane has ${stats.size} bytes: expected at most ${TEXT_BYTES}`;
  return undefined;
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'a device';
  if (stats.nlink > 1) return 'a file with several names';
  return stats.isSocket() ? 'a socket' : 'a file';
}
