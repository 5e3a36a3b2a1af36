// Removes the socket files of processes that were killed while they waited for a turn, and so could not remove them.
import { lstat, readdir, unlink } from 'node:fs/promises';
import { answers } from '../socket-files/socket-file.ts';

/** Younger files are not removed, because a socket's file exists for a moment before the socket listens. */
const LEAST_AGE_MS = 60_000;
/** The most files that one call examines. */
const MOST = 256;

/** Removes stale socket files in a turn folder. Never rejects. */
export async function removeStaleSocketFiles(folder: string): Promise<void> {
  const entries = await readdir(folder).catch(() => []);
  const sockets = entries.filter(
    (entry) => /^[1-9][0-9]*\.[0-9a-z]+$/.test(entry) && hasEnded(Number.parseInt(entry, 10)),
  );
  for (const entry of sockets.slice(0, MOST)) {
    const path = `${folder}/${entry}`;
    const file = await lstat(path).catch(() => undefined);
    if (!file?.isSocket() || Date.now() - file.mtimeMs < LEAST_AGE_MS) continue;
    // `hasEnded` is also true for a process of another PID namespace. Its socket listens.
    if (!(await answers(path))) await unlink(path).catch(() => {});
  }
}

function hasEnded(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
