// What stands in the lane's folder. The model may write there, and put anything under any name: a link, a device, a pipe that
// nobody fills, a file that grows. Nothing is followed or waited for, and what was looked at is what is used.
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { TEXT_BYTES } from './wire.ts';

const { O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Linux: a descriptor that says which file it is, whatever its kind, and does nothing with it. Node has no name for it. */
const O_PATH = 0x20_0000;

/** The socket at which a model waits, found and held. */
export interface Door {
  /** What to connect to: exactly the socket that was looked at. */
  readonly path: string;
  /** Lets go of it, once the connection is being made. */
  release(): void;
}

/**
 * The socket at `path`, or why what is there is none. A path with nothing there is left to the connection to tell.
 * A socket that is only linked to from there may be any program's.
 */
export function openDoor(path: string): Door | string {
  const plain: Door = { path, release: () => {} };
  let fd: number | undefined;
  try {
    fd = process.platform === 'linux' ? openSync(path, O_PATH | O_NOFOLLOW) : undefined;
    const stats = fd === undefined ? lstatSync(path) : fstatSync(fd);
    if (!stats.isSocket() || stats.nlink > 1) {
      if (fd !== undefined) closeSync(fd);
      return `its socket is ${kindOf(stats)}`;
    }
  } catch {
    return plain;
  }
  if (fd === undefined) return plain;
  const held = fd;
  const itself = `/proc/self/fd/${held}`;
  // Without /proc there is the path alone.
  if (existsSync(itself)) return { path: itself, release: () => closeSync(held) };
  closeSync(held);
  return plain;
}

/** Whether there is anything at `path`. */
export async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

/** Why the model's shim declined the lane at `path`, in its words, or what is wrong with its note; undefined: there is none. */
export async function readNote(path: string): Promise<string | undefined> {
  const note = `${path}.declined`;
  try {
    const wrong = wrongNote(await lstat(note));
    if (wrong !== undefined) return wrong;
    // It may have become something else since: a pipe must not be waited for, nor a terminal become ours.
    await using file = await open(note, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    const different = wrongNote(await file.stat());
    if (different !== undefined) return different;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TEXT_BYTES), 0, TEXT_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : `its note of why cannot be read (${code})`;
  }
}

function wrongNote(stats: Stats): string | undefined {
  if (!stats.isFile() || stats.nlink > 1) return `its note of why is ${kindOf(stats)}`;
  if (stats.size > TEXT_BYTES) return `its note of why has ${stats.size} bytes, and at most ${TEXT_BYTES} are read`;
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
