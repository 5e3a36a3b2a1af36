// The file by which a listening Unix socket is reached. It outlives a process that was killed, and then stands in the way of the next one.
// Others may be able to write to its folder. So what follows a path there is done only to the file that is known to be meant.
import { randomUUID } from 'node:crypto';
import { lstatSync, renameSync, statSync } from 'node:fs';
import { chmod, link, lstat, readFile, realpath, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, isAbsolute } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { plain } from '../../errors/quoted.ts';

/**
 * Removes the socket file of a process that has ended.
 * @returns what stands in the way of listening at `path`; undefined if nothing does
 */
export async function clearStale(path: string): Promise<string | undefined> {
  const file = await lstat(path).catch(() => undefined);
  if (!file) return undefined;
  if (!file.isSocket()) return 'a file that is not a socket is there';
  if ((await isListed(path)) || (await answers(path))) return 'another program listens there';
  // Another program may have come to the same conclusion and listen there by now.
  const now = await lstat(path).catch(() => undefined);
  if (now && !isSame(now, file)) return 'another program listens there';
  await unlink(path).catch(() => {});
  return undefined;
}

/**
 * Says that the folder of a socket's path is missing, of which Node only says EACCES.
 * @returns undefined if the folder exists, or cannot be looked at
 */
export function noFolderAt(path: string): string | undefined {
  const folder = dirname(path);
  try {
    return statSync(folder, { throwIfNoEntry: false }) ? undefined : `there is no folder ${plain(folder)}`;
  } catch {
    // This user may not look there: nothing is known.
    return undefined;
  }
}

/**
 * Resolves with whether the kernel has the path among its sockets. The kernel is asked first, because connecting would end a server that
 * dies of a connection that brings nothing. False proves nothing: the list has only sockets of this network namespace, if there is a list at
 * all, and each under the name that its listener used. A relative name does not say which file it was.
 *   Num RefCount Protocol Flags Type St Inode Path
 * The path is the whole of the last column. An abstract name, which any user may choose, begins with @ there.
 */
async function isListed(path: string): Promise<boolean> {
  if (!isAbsolute(path)) return false;
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  return pathsIn(table).includes(path);
}

/** Returns the paths and names in such a table. */
export function pathsIn(table: string): string[] {
  return table.split('\n').flatMap((line) => /^[^ ]+: (?:[^ ]+ +){5}[^ ]+ (.+)$/.exec(line)?.[1] ?? []);
}

/** Resolves with whether the path takes connections. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Only a refusal says that nobody listens: a full queue, or a missing permission, say that a program does.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}

/** The numbers of a file. As long as a program has it open, no other file has them. */
interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

function isSame(one: FileIdentity, other: FileIdentity): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** Returns the file at `path`, if there is one. */
export function fileAt(path: string): FileIdentity | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/**
 * Runs `close`, which removes the file at `path` with the listener, but keeps a file there that is not `own`: another program may have
 * put a file of its own in the place since.
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
    // A file that this user may not move is not removed either.
    close();
    return;
  }
  close();
  // A link does not replace a file that has come in between.
  void link(aside, path)
    .catch(() => {})
    .then(() => unlink(aside))
    .catch(() => {});
}

/**
 * Runs `bind`, which must make its socket file before it first waits, so that the file never has more permissions than
 * `mode`. The mask belongs to the process: a worker cannot set it.
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
 * Gives the socket file at `path` its permissions, if it has not had them from the beginning. That follows the path, and is done only if
 * no other user could put a file in its place.
 * @throws Error that names the folder in which another user could; the system's error
 */
export async function haveMode(path: string, mode: number): Promise<void> {
  const file = await lstat(path);
  if (file.isSocket() && (file.mode & 0o777) === mode) return;
  const open = await openToOthers(dirname(path));
  if (open !== undefined) {
    const why = isMainThread
      ? 'its folder gives files others (an access control list)'
      : 'a worker thread has no umask';
    throw new Error(`its permissions cannot be set: ${why}, and others may put their files into ${open}`);
  }
  await chmod(path, mode);
}

/** Resolves with a folder on the way to `folder`, itself included, in which others may replace files; undefined if there is none. */
async function openToOthers(folder: string): Promise<string | undefined> {
  const own = process.geteuid?.();
  for (let at = await realpath(folder); ; at = dirname(at)) {
    const { mode, uid } = await lstat(at);
    const isTheirs = uid !== 0 && uid !== own;
    // If the sticky bit is set, only a file's owner, and the folder's, can replace the file.
    if (isTheirs || ((mode & 0o022) !== 0 && (mode & 0o1000) === 0)) return at;
    if (at === dirname(at)) return undefined;
  }
}
