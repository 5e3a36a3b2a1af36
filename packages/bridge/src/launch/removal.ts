// Removing what a launch has left. Parts of it could be written to by a model, in a container perhaps as root, and perhaps still
// now: nothing is followed out of the folder, and what cannot be removed is told and keeps nothing else from being removed.
import { constants, type FileHandle, open, opendir, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Folders in folders: each takes a descriptor while what is in it is removed. */
const MOST_LEVELS = 32;
/** Of what could not be removed, so much is told. */
const MOST_PROBLEMS = 3;

/**
 * Removes a folder and all that is in it, as far as this user may. A link in its place is removed, and not what it leads to.
 * @returns why it is still there; undefined when it is not
 */
export async function removeFolder(folder: string): Promise<string | undefined> {
  const problems: string[] = [];
  // Elsewhere than on Linux there is no way to name a file by an open folder, nor are there models that write here.
  if (process.platform === 'linux') await removeAt(folder, folder, 0, problems);
  else await rm(folder, { recursive: true, force: true }).catch((error: Error) => problems.push(error.message));
  const more = problems.length - MOST_PROBLEMS;
  const told = problems.slice(0, MOST_PROBLEMS).join('; ');
  return told === '' ? undefined : `${told}${more > 0 ? `; and ${more} more` : ''}`;
}

/**
 * @param path where it is now: in an open folder, so that nobody can put another in its place
 * @param name what it is called, for messages
 */
async function removeAt(path: string, name: string, level: number, problems: string[]): Promise<void> {
  const told = problems.length;
  const opened = await openFolder(path).catch((error: NodeJS.ErrnoException) => error);
  if (!(opened instanceof Error)) {
    try {
      if (level < MOST_LEVELS) await emptyFolder(`/proc/self/fd/${opened.fd}`, name, level, problems);
    } finally {
      await opened.close();
    }
  }
  const isNoFolder = opened instanceof Error && ['ENOTDIR', 'ELOOP'].includes(opened.code ?? '');
  try {
    // An empty folder that may not be entered can be removed all the same.
    await (isNoFolder ? unlink(path) : rmdir(path));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || problems.length > told) return;
    problems.push(problem(name, opened instanceof Error ? opened : error));
  }
}

async function emptyFolder(folder: string, name: string, level: number, problems: string[]): Promise<void> {
  try {
    for await (const entry of await opendir(folder)) {
      const [path, called] = [join(folder, entry.name), join(name, entry.name)];
      if (entry.isDirectory()) await removeAt(path, called, level + 1, problems);
      else
        await unlink(path).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') problems.push(problem(called, error));
        });
    }
  } catch (error) {
    problems.push(problem(name, error));
  }
}

async function openFolder(path: string): Promise<FileHandle> {
  return await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
}

function problem(name: string, error: unknown): string {
  return `${name}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
}
