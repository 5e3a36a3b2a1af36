// What a turn's name is to the system. Everywhere it has to vanish with the process that bound it:
//   Linux    an abstract socket name: no file, freed by the kernel
//   Windows  a pipe name, freed by the system
//   others   a socket file, which outlives a holder that was killed; the next one finds nobody behind it and removes it
import { randomUUID } from 'node:crypto';
import { linkSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TurnName {
  readonly path: string;
  /** Whether it is a file, which nobody removes for a process that was killed. */
  readonly file: boolean;
}

/** The longest name that every system takes: a socket address has room for 104 to 108 bytes. */
const NAME_CHARACTERS = 60;

export function turnName(name: string, kind: 'abstract' | 'file' = defaultKind()): TurnName {
  const plain = name.replace(/[^A-Za-z0-9.:-]/g, '_').slice(-NAME_CHARACTERS);
  if (kind === 'file') return { path: join(tmpdir(), `npbridge-${plain.replaceAll(':', '-')}.turn`), file: true };
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\npbridge-${plain}`, file: false };
  return { path: `\0npbridge/${plain}`, file: false };
}

function defaultKind(): 'abstract' | 'file' {
  return process.platform === 'linux' || process.platform === 'win32' ? 'abstract' : 'file';
}

/**
 * Which file is there: another one under the same name is another socket, and may have the number that the last one had.
 * Undefined where there is none.
 */
export function fileThere({ path, file }: TurnName): string | undefined {
  const found = file ? statSync(path, { bigint: true, throwIfNoEntry: false }) : undefined;
  return found && `${found.ino} of ${found.ctimeNs}`;
}

/**
 * Removes the socket file of a holder that was killed, if it is still the one that was found, as `fileThere` told. Several
 * may find it at the same moment: each moves it aside first and asks again what it moved. One that turns out to be alive
 * goes back, unless the place was taken in between; in that moment two may hold the turn.
 */
export function unlinkIfDead(where: TurnName, found: string | undefined): void {
  if (found === undefined || fileThere(where) !== found) return;
  const { path } = where;
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const socket = connect(aside);
  const end = (alive: boolean): void => {
    socket.destroy();
    try {
      if (alive) linkSync(aside, path);
    } catch {
      // Somebody else is there by now.
    }
    unlinkSync(aside);
  };
  socket.once('connect', () => end(true));
  socket.once('error', () => end(false));
}
