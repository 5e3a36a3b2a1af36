// The file that a listening Unix socket is reached by. It outlives a process that was killed, and then stands in the way
// of the next one.
import { lstat, readFile, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { isAbsolute } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/**
 * Removes the socket file of a process that is no more.
 * @returns what stands in the way of listening at `path`; undefined where nothing does
 */
export async function clearStale(path: string): Promise<string | undefined> {
  const file = await lstat(path).catch(() => undefined);
  if (!file) return undefined;
  if (!file.isSocket()) return 'a file that is no socket is there';
  if ((await isListed(path)) || (await answers(path))) return 'another program listens there';
  // Somebody else may have come to the same conclusion and be there by now.
  const now = await lstat(path).catch(() => undefined);
  if (now && now.ino !== file.ino) return 'another program listens there';
  await unlink(path).catch(() => {});
  return undefined;
}

/**
 * Whether the kernel has the path among its sockets. Asked first, because connecting would end a server that dies of a
 * connection that brings nothing. No is no proof: it lists only sockets of this network namespace, where there is such a
 * list at all, and under the name that the listener used: of a relative one nobody knows which file it was.
 *   Num RefCount Protocol Flags Type St Inode Path
 */
async function isListed(path: string): Promise<boolean> {
  if (!isAbsolute(path)) return false;
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  return table.split('\n').some((line) => line.endsWith(` ${path}`));
}

/** Whether a connection to the path comes about. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Only a refusal says that nobody is there: a queue that is full, or no permission, say that somebody is.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
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
