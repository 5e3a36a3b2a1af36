// The folder of a launch: its lanes, and the notes by which others can clean up behind it. On tmpfs where there is any, so
// that large messages go through memory. All launches of a user are in one folder that nobody else may enter.
//   /dev/shm/npbridge-1000/LAUNCH/0/lane.sock
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BridgeError } from '../errors.ts';
import { hostLives } from './host.ts';
import type { LanePlan } from './runtime.ts';

/** A socket's path, with what sockets and files of the lane are called. */
const MOST_PATH_BYTES = 103;

/** Where this user's launches are. Made when it is first asked for. */
export function launchesFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const shared = ['/dev/shm', process.env['XDG_RUNTIME_DIR'], tmpdir()];
  const problems: string[] = [];
  for (const parent of shared) {
    if (parent === undefined || parent === '') continue;
    const folder = join(parent, `npbridge-${uid}`);
    try {
      mkdirSync(folder, { mode: 0o700, recursive: true });
      const { uid: owner, mode } = lstatSync(folder);
      // Somebody else may have made it first, to see what we put there.
      if (lstatSync(folder).isDirectory() && owner === uid && (mode & 0o077) === 0) return folder;
      problems.push(`${folder} is not ours alone`);
    } catch (error) {
      problems.push(String((error as Error).message));
    }
  }
  const message = `there is no folder for the files of a launch: ${problems.join('; ')}`;
  throw new BridgeError('BRIDGE_LAUNCH', message, { problems }, { fault: 'environment' });
}

/** Makes the folder of one launch. */
export function makeFolder(launch: string): string {
  const folder = join(launchesFolder(), launch);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/**
 * Makes a folder for a replica's lane, empty whatever was there before.
 * @returns why there is none: a socket's path there would be too long, or there is no safe place for it any more
 */
export function makeLaneFolder(folder: string, replica: number, lean: boolean): LanePlan | string {
  const path = join(folder, String(replica));
  const bytes = Buffer.byteLength(`${path}/lane.sock.request-8`);
  if (bytes > MOST_PATH_BYTES)
    return `paths in ${path} would have ${bytes} bytes, and at most ${MOST_PATH_BYTES} may be`;
  if (!isThere(folder)) return `${folder} is gone, and its place is not ours alone any more`;
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  // The model may run as another user; only we may enter the folder around it.
  chmodSync(path, 0o777);
  return { folder: path, socket: 'lane.sock', lean };
}

/** Systems clear shared memory when a user leaves, under programs of his that go on: then it is made once more. */
function isThere(folder: string): boolean {
  if (existsSync(folder)) return true;
  if (launchesFolder() !== dirname(folder)) return false;
  mkdirSync(folder, { mode: 0o700 });
  return true;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** The launches whose hosts have ended without removing them. */
export function abandonedLaunches(): { readonly launch: string; readonly folder: string }[] {
  const all = launchesFolder();
  return readdirSync(all)
    .filter((launch) => hostLives(launch) === false)
    .map((launch) => ({ launch, folder: join(all, launch) }));
}
