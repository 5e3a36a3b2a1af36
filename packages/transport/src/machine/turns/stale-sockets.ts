// Removes the sockets of processes that were killed while they waited for a turn: their files stay.
import { lstat, readdir, unlink } from 'node:fs/promises';
import { answers } from '../socket-files/socket-file.ts';

/** Younger files are left alone: a socket has its file a moment before it listens. */
const LEAST_AGE_MS = 60_000;
/** The most files that one sweep looks at. */
const MOST = 256;

/** Removes stale sockets in a turn folder. Never throws. */
export async function removeStaleSockets(folder: string): Promise<void> {
  const entries = await readdir(folder).catch(() => []);
  const sockets = entries.filter(
    (entry) => /^[1-9][0-9]*\.[0-9a-z]+$/.test(entry) && hasEnded(Number.parseInt(entry, 10)),
  );
  for (const entry of sockets.slice(0, MOST)) {
    const path = `${folder}/${entry}`;
    const file = await lstat(path).catch(() => undefined);
    if (!file?.isSocket() || Date.now() - file.mtimeMs < LEAST_AGE_MS) continue;
    // A process of another namespace is not seen here, and listens.
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
