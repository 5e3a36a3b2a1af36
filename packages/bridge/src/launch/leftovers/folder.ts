// The folder of a launch: it holds its lanes, and records by which a later launch can clean up. It lies on tmpfs if there is one, so that
// large messages go through memory. All launches of a user are in one folder that no other user may enter.
//   /dev/shm/npbridge-1000/LAUNCH/0/lane.sock
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.ts';
import type { LanePlan } from '../runtime.ts';
import { isAbandonedFolder } from './launch-name.ts';

/** The most bytes that the path of each of a lane's files may have, as those of Unix sockets on all systems. */
const MOST_PATH_BYTES = 103;

/**
 * Returns the folder of this user's launches. Makes it if it does not exist.
 * @throws BridgeError BRIDGE_LAUNCH if there is no place for it
 */
export function launchesFolder(): string {
  const problems: string[] = [];
  for (const parent of parents()) {
    const folder = join(parent, ownName());
    try {
      mkdirSync(folder, { mode: 0o700, recursive: true });
      if (isOursAlone(folder)) return writable(folder);
      problems.push(`${folder} is not this user's alone`);
      // Another user has taken the name, by chance or to be in the way. The user cannot take all names that begin with it.
      return writable(spareFolders(parent)[0] ?? mkdtempSync(`${folder}-`));
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  const message = `there is no folder for the files of a launch: ${problems.join('; ')}`;
  throw new BridgeError('BRIDGE_LAUNCH', message, { problems }, { fault: 'environment' });
}

/**
 * Returns the folder of one launch. Makes it if it does not exist.
 * @throws BridgeError BRIDGE_LAUNCH
 */
export function folderOf(launch: string): string {
  const folder = join(launchesFolder(), launch);
  makeOurs(folder);
  return folder;
}

/**
 * Makes the folder in which a replica that is about to start has its lane. Each start gets a new folder, because files that the last
 * instance left cannot always be removed: those of a container's root user, for instance.
 * @returns the lane's plan; or the reason why there is no folder, as text: a socket's path in it would be too long, or the system
 *   refused
 */
export function makeLaneFolder(folder: string, replica: number, lean: boolean): LanePlan | string {
  for (let start = 0; ; start++) {
    const path = join(folder, start === 0 ? String(replica) : `${replica}.${start}`);
    const bytes = Buffer.byteLength(`${path}/lane.sock.request-8`);
    if (bytes > MOST_PATH_BYTES)
      return `the lane's files in ${path} would have paths of ${bytes} bytes, and a socket's path has at most ${MOST_PATH_BYTES}`;
    try {
      makeOurs(folder);
      mkdirSync(path);
      // The model may run as another user. Only this user may enter the folder around it.
      chmodSync(path, 0o777);
      return { folder: path, socket: 'lane.sock', lean };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return (error as Error).message;
    }
  }
}

/**
 * Makes a folder for a launch unless it exists. Systems clear shared memory when a user logs out although programs of that user go
 * on, and then the folder is made once more.
 * @throws BridgeError BRIDGE_LAUNCH if it cannot be made, or if other users may enter it or the folder around it
 */
function makeOurs(folder: string): void {
  const around = dirname(folder);
  try {
    for (const each of [around, folder]) mkdirSync(each, { mode: 0o700, recursive: true });
  } catch (cause) {
    const message = `there is no folder for the files of a launch: ${(cause as Error).message}`;
    throw new BridgeError('BRIDGE_LAUNCH', message, { folder }, { cause, fault: 'environment' });
  }
  if (isOursAlone(around) && isOursAlone(folder)) return;
  const message = `${folder} is not this user's alone`;
  throw new BridgeError('BRIDGE_LAUNCH', message, { folder }, { fault: 'environment' });
}

/** Returns the launches of this user whose hosts have ended without removing them. */
export function abandonedLaunches(): { readonly launch: string; readonly folder: string }[] {
  const all = parents().flatMap((parent) => [join(parent, ownName()), ...spareFolders(parent)]);
  return all.filter(isOursAlone).flatMap((folder) =>
    namesIn(folder)
      .filter(isAbandonedFolder)
      .map((launch) => ({ launch, folder: join(folder, launch) })),
  );
}

/** Returns the names in a folder; none if it does not exist any more, because another program may sweep at the same time. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function parents(): string[] {
  const all = ['/dev/shm', process.env['XDG_RUNTIME_DIR'] ?? '', tmpdir()];
  return [...new Set(all)].filter((parent) => parent !== '');
}

function ownName(): string {
  return `npbridge-${process.getuid?.() ?? 0}`;
}

/** Returns the folders that were made when the usual name was taken. */
function spareFolders(parent: string): string[] {
  const names = namesIn(parent).filter((name) => name.startsWith(`${ownName()}-`));
  return names.map((name) => join(parent, name)).filter(isOursAlone);
}

/** Returns true for a folder (not for a link to one) that belongs to this user and that no other user may enter. */
function isOursAlone(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return false;
  // Windows has neither user numbers nor modes.
  return process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o077) === 0);
}

/**
 * Returns the folder if files can be made in it. A file system that can only be read is found out here, and not by the first file.
 * @throws the system's error
 */
function writable(folder: string): string {
  accessSync(folder, constants.W_OK | constants.X_OK);
  return folder;
}
