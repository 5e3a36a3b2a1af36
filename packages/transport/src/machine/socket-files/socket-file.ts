// The file of a listening Unix socket, which callers connect to. It stays when its process is killed, and then prevents the next process
// from listening. Other users may be able to write to its folder. So before these functions remove or change a file at a path, they check
// that it is the file that is meant.
import { randomUUID } from 'node:crypto';
import { lstatSync, renameSync, statSync } from 'node:fs';
import { chmod, link, lstat, readFile, realpath, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, isAbsolute } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { plain } from '../../errors/quoted.ts';

/**
 * Removes the socket file of a process that has ended.
 * @returns the reason for which `path` cannot be listened at, in words; undefined if there is none
 */
export async function clearStale(path: string): Promise<string | undefined> {
  const file = await lstat(path).catch(() => undefined);
  if (!file) return undefined;
  if (!file.isSocket()) return 'a file that is not a socket is there';
  if ((await isListed(path)) || (await answers(path))) return 'another program listens there';
  // Another program may have removed the same file meanwhile, and listen there with a new one.
  const now = await lstat(path).catch(() => undefined);
  if (now && !isSame(now, file)) return 'another program listens there';
  await unlink(path).catch(() => {});
  return undefined;
}

/**
 * Returns the reason, in words, if the folder of a socket's path does not exist. Node's error for that is only EACCES.
 * @returns undefined if the folder exists, or this user may not look for it
 */
export function noFolderAt(path: string): string | undefined {
  const folder = dirname(path);
  try {
    return statSync(folder, { throwIfNoEntry: false }) ? undefined : `there is no folder ${plain(folder)}`;
  } catch {
    // This user may not look for the folder.
    return undefined;
  }
}

/**
 * Resolves with whether the kernel's table of Unix sockets has the path. The table is read before a connection is tried, because there are
 * servers that die of a connection without a message. False proves nothing: the table has only sockets of this network namespace, each with
 * the path that its listener used, which may be relative, and there may be no table. Its columns are:
 *   Num RefCount Protocol Flags Type St Inode Path
 * The path is the rest of the line. An abstract name, which any user may choose, begins with @ there.
 */
async function isListed(path: string): Promise<boolean> {
  if (!isAbsolute(path)) return false;
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  return pathsIn(table).includes(path);
}

/** Returns the paths and abstract names in such a table. */
export function pathsIn(table: string): string[] {
  return table.split('\n').flatMap((line) => /^[^ ]+: (?:[^ ]+ +){5}[^ ]+ (.+)$/.exec(line)?.[1] ?? []);
}

/** Resolves with whether a program listens at the path, by a connection that is closed at once. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Only these errors mean that no program listens. Others, such as a full queue or a missing permission, mean that one does.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}

/** The device and inode number, which identify a file: while a program has the file open, no other file has the same. */
interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

function isSame(one: FileIdentity, other: FileIdentity): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** Returns the identity of the file at `path`, if there is one. */
export function fileAt(path: string): FileIdentity | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/**
 * Calls `close`, which closes the listener and removes the file at `path`. If that file is not `own`, because another program has put its
 * own file in the place, the file is moved aside before and put back after that.
 */
export function keepingOthers(path: string, own: FileIdentity | undefined, close: () => void): void {
  const now = fileAt(path);
  if (!now || (own && isSame(now, own))) {
    close();
    return;
  }
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    // A file that this user may not move is not removed by `close` either.
    close();
    return;
  }
  close();
  // Unlike a rename, a link does not replace a file that was made there meanwhile.
  void link(aside, path)
    .catch(() => {})
    .then(() => unlink(aside))
    .catch(() => {});
}

/**
 * Calls `bind` under a umask with which the socket file that it makes never has more permissions than `mode`. `bind` must make the file
 * before its first `await`. The umask is the process's, so a worker thread cannot set it, and `bind` is called without.
 */
export function withMode<T>(mode: number | undefined, bind: () => T): T {
  if (mode === undefined || !isMainThread) return bind();
  const before = process.umask(0o777 & ~mode);
  try {
    return bind();
  } finally {
    process.umask(before);
  }
}

/**
 * Sets the permissions of the socket file at `path`, if it does not have them yet, and only if no other user could have put another file in
 * its place.
 * @throws Error with the folder in which another user could do that; the system's error
 */
export async function haveMode(path: string, mode: number): Promise<void> {
  const file = await lstat(path);
  if (file.isSocket() && (file.mode & 0o777) === mode) return;
  const open = await openToOthers(dirname(path));
  if (open !== undefined) {
    const why = isMainThread
      ? 'its folder sets other permissions for new files (an access control list)'
      : 'a worker thread has no umask';
    throw new Error(`its permissions cannot be set: ${why}, and other users may put files into ${open}`);
  }
  await chmod(path, mode);
}

/** Resolves with `folder`, or the closest folder above it, in which other users may replace files; with undefined if there is none. */
async function openToOthers(folder: string): Promise<string | undefined> {
  const own = process.geteuid?.();
  for (let at = await realpath(folder); ; at = dirname(at)) {
    const { mode, uid } = await lstat(at);
    const isTheirs = uid !== 0 && uid !== own;
    // If the sticky bit is set, only the owner of a file, and the owner of the folder, can replace the file.
    if (isTheirs || ((mode & 0o022) !== 0 && (mode & 0o1000) === 0)) return at;
    if (at === dirname(at)) return undefined;
  }
}
