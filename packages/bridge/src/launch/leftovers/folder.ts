// The folder of a launch: it holds the folders of the launch's lanes, and records by which a later launch can clean up. It is on tmpfs if
// there is one, so that large messages go through memory. All launches of a user are in one folder that no other user may enter.
//   /dev/shm/npbridge-1000/LAUNCH/0/lane.sock
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.ts';
import type { LanePlan } from '../runtime.ts';
import { isAbandonedFolder } from './launch-name.ts';

/** The most bytes in the path of any of a lane's files. Unix sockets have this limit on all systems. */
const MOST_PATH_BYTES = 103;

/**
 * Returns the folder of this user's launches. Creates it if it does not exist.
 * @throws BridgeError BRIDGE_LAUNCH if no folder can be created
 */
export function launchesFolder(): string {
  const problems: string[] = [];
  for (const parent of parents()) {
    const folder = join(parent, ownName());
    try {
      mkdirSync(folder, { mode: 0o700, recursive: true });
      if (isPrivate(folder)) return writable(folder);
      problems.push(`${folder} is not a folder that only this user may enter`);
      // Another user has taken the name, by chance or on purpose. No user can take all names that begin with it.
      return writable(spareFolders(parent)[0] ?? mkdtempSync(`${folder}-`));
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  const message = `there is no folder for the files of a launch: ${problems.join('; ')}`;
  throw new BridgeError('BRIDGE_LAUNCH', message, { problems }, { fault: 'environment' });
}

/**
 * Returns the folder of one launch. Creates it if it does not exist.
 * @throws BridgeError BRIDGE_LAUNCH if it cannot be created
 */
export function folderOf(launch: string): string {
  const folder = join(launchesFolder(), launch);
  makePrivate(folder);
  return folder;
}

/**
 * Creates the folder for the lane of a replica that is about to start. Each start gets a new folder, because files of the last instance
 * cannot always be removed: those of a container's root user, for instance.
 * @returns the lane's plan; or, as a string, the reason why there is no folder: a socket's path in it would be too long, or the system
 *   refused
 */
export function makeLaneFolder(folder: string, replica: number, lean: boolean): LanePlan | string {
  for (let start = 0; ; start++) {
    const path = join(folder, start === 0 ? String(replica) : `${replica}.${start}`);
    const bytes = Buffer.byteLength(`${path}/lane.sock.request-8`);
    if (bytes > MOST_PATH_BYTES)
      return `the lane's files in ${path} would have paths of ${bytes} bytes, and a socket's path has at most ${MOST_PATH_BYTES}`;
    try {
      makePrivate(folder);
      mkdirSync(path);
      // The model may run as another user. Other users of this machine cannot enter the folder around this one.
      chmodSync(path, 0o777);
      return { folder: path, socket: 'lane.sock', lean };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return (error as Error).message;
    }
  }
}

/**
 * Creates a launch's folder unless it exists. It may have to be created again: systems clear shared memory when a user logs out, even
 * if programs of that user go on.
 * @throws BridgeError BRIDGE_LAUNCH if it cannot be created, or if other users may enter it or the folder around it
 */
function makePrivate(folder: string): void {
  const around = dirname(folder);
  try {
    for (const each of [around, folder]) mkdirSync(each, { mode: 0o700, recursive: true });
  } catch (cause) {
    const message = `there is no folder for the files of a launch: ${(cause as Error).message}`;
    throw new BridgeError('BRIDGE_LAUNCH', message, { folder }, { cause, fault: 'environment' });
  }
  if (isPrivate(around) && isPrivate(folder)) return;
  const message = `${folder} is not a folder that only this user may enter`;
  throw new BridgeError('BRIDGE_LAUNCH', message, { folder }, { fault: 'environment' });
}

/** Returns this user's launches whose hosts (the programs that called `launch`) have ended without removing them. */
export function abandonedLaunches(): { readonly launch: string; readonly folder: string }[] {
  const all = parents().flatMap((parent) => [join(parent, ownName()), ...spareFolders(parent)]);
  return all.filter(isPrivate).flatMap((folder) =>
    namesIn(folder)
      .filter(isAbandonedFolder)
      .map((launch) => ({ launch, folder: join(folder, launch) })),
  );
}

/** Returns the names in a folder; an empty list if the folder no longer exists, because another program may remove it meanwhile. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Returns the folders in which the folder of launches may be created, the best first. */
function parents(): string[] {
  const all = ['/dev/shm', process.env['XDG_RUNTIME_DIR'] ?? '', tmpdir()];
  return [...new Set(all)].filter((parent) => parent !== '');
}

function ownName(): string {
  return `npbridge-${process.getuid?.() ?? 0}`;
}

/** Returns the folders that were created because another user had the usual name. */
function spareFolders(parent: string): string[] {
  const names = namesIn(parent).filter((name) => name.startsWith(`${ownName()}-`));
  return names.map((name) => join(parent, name)).filter(isPrivate);
}

/** Returns true for a folder (and not a link to one) that belongs to this user and that no other user may enter. */
function isPrivate(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return false;
  // Windows has neither user numbers nor modes.
  return process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o077) === 0);
}

/**
 * Returns the folder if files can be created in it, so that a read-only file system shows here, and not at the first file.
 * @throws the system's error if no files can be created
 */
function writable(folder: string): string {
  accessSync(folder, constants.W_OK | constants.X_OK);
  return folder;
}
