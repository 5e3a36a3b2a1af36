// The folder of a user's turns, which no other user can enter: so no other user can take, hold or wait for them. All processes of a user
// have to find the same folder, whatever their environment says. It depends on the user's number and on the folders that exist already,
// never on XDG_RUNTIME_DIR or TMPDIR alone, which a service does not have.
import { lstatSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { plain } from '../../errors/quoted.ts';
import { TransportError } from '../../errors/transport-error.ts';

/** A socket's path has room for 104 to 108 bytes, and a socket's name in the folder takes some of them. */
const MOST_FOLDER_BYTES = 103 - '/4194304.0123456789abc'.length;

/** Yields the folders in which it may lie. Memory comes first: a link takes 9 µs there, and 240 µs on a disk. */
export function* turnParents(uid: number): Generator<string, undefined> {
  yield '/dev/shm';
  yield `/run/user/${uid}`;
  yield '/tmp';
  yield tmpdir();
  yield homedir();
}

/**
 * Returns the turn folder of a user: the first that exists already, else the first that can be made. If another user has made a folder of
 * that name to keep this one out, the next place is taken, and stays in use when that folder is removed.
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

function problemOf(parent: string, folder: string, uid: number, make: boolean): string | undefined {
  if (Buffer.byteLength(folder) > MOST_FOLDER_BYTES) return 'its path is too long for sockets in it';
  try {
    // The dot follows the name: /tmp is a link on macOS.
    const around = lstatSync(`${parent}/.`);
    if (around.uid !== 0 && around.uid !== uid) return `${plain(parent)} belongs to user ${around.uid}`;
    // In a sticky folder others cannot rename or remove our files.
    if ((around.mode & 0o022) !== 0 && (around.mode & 0o1000) === 0) return `others may change ${plain(parent)}`;
    if (make) mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return code ?? message;
  }
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return 'it is not there';
  if (!found.isDirectory()) return 'it is not a folder';
  if (found.uid !== uid) return `it belongs to user ${found.uid}`;
  return (found.mode & 0o077) === 0 ? undefined : 'others may enter it';
}
