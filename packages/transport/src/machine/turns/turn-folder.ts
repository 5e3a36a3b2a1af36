// The folder of a user's turns. No other user can enter it, and so no other user can take the turns or wait for them. All processes of the
// user have to find the same folder, whatever their environment variables are. So it depends on the user's id and on the folders that exist
// already, and not on XDG_RUNTIME_DIR or TMPDIR alone, which a service does not have.
import { lstatSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { plain } from '../../errors/quoted.ts';
import { TransportError } from '../../errors/transport-error.ts';

/** The most bytes of the folder's path: a socket's path has room for 104 to 108 bytes, the socket's name in the folder included. */
const MOST_FOLDER_BYTES = 103 - '/4194304.0123456789abc'.length;

/** Yields the folders in which the turn folder may be. One in memory comes first, where a link takes 9 µs; on a disk it takes 240 µs. */
export function* turnParents(uid: number): Generator<string, undefined> {
  yield '/dev/shm';
  yield `/run/user/${uid}`;
  yield '/tmp';
  yield tmpdir();
  yield homedir();
}

/**
 * Returns the turn folder of a user: the first that exists already, else the first that can be made. If another user has made a folder of
 * that name to block it, the next place is used, and stays in use after that folder was removed.
 * @throws TransportError TRANSPORT_ADDRESS
 */
export function turnFolder(
  uid: number = process.geteuid?.() ?? 0,
  parents: (uid: number) => Iterable<string> = turnParents,
): string {
  const problems = new Map<string, string>();
  for (const make of [false, true]) {
    for (const parent of parents(uid)) {
      const folder = `${parent}/npbridge-turns-${uid}`;
      const problem = problemOf(parent, folder, uid, make);
      if (problem === undefined) return folder;
      problems.set(folder, problem);
    }
  }
  const all = [...problems].map(([folder, problem]) => `${plain(folder)}: ${problem}`);
  const message = `there is no folder for turns that only user ${uid} can enter: ${all.join('; ')}`;
  throw new TransportError('TRANSPORT_ADDRESS', message, { uid, problems: all });
}

/** Returns the reason, in words, for which a folder cannot be the turn folder; undefined if there is none. */
function problemOf(parent: string, folder: string, uid: number, make: boolean): string | undefined {
  if (Buffer.byteLength(folder) > MOST_FOLDER_BYTES) return 'its path is too long for sockets in it';
  try {
    // The dot makes `lstat` follow a link: /tmp is a link on macOS.
    const around = lstatSync(`${parent}/.`);
    if (around.uid !== 0 && around.uid !== uid) return `${plain(parent)} belongs to user ${around.uid}`;
    // In a folder with the sticky bit, other users cannot rename or remove our files.
    if ((around.mode & 0o022) !== 0 && (around.mode & 0o1000) === 0) return `other users may change ${plain(parent)}`;
    if (make) mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return code ?? message;
  }
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return 'it does not exist';
  if (!found.isDirectory()) return 'it is not a folder';
  if (found.uid !== uid) return `it belongs to user ${found.uid}`;
  return (found.mode & 0o077) === 0 ? undefined : 'other users may enter it';
}
