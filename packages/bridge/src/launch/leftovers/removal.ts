// Removes the folder of a launch. A model may have written to parts of it, in a container perhaps as root, and may still do so: no link
// is followed out of the folder, however deep the folder is and however long its paths are. If something cannot be removed, that is
// reported, and the rest is still removed.
import { randomUUID } from 'node:crypto';
import { chmod, constants, type FileHandle, open, opendir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Linux: opens a folder without the right to read it. Node has no name for this flag. */
const O_PATH = 0x20_0000;
const ALL_OF_OWNER = 0o700;
/** The most nested folders. Each takes two descriptors while its content is removed. Folders below them are moved to the top first. */
const MOST_LEVELS = 32;
/** The most failures that are reported one by one. The others are counted. */
const MOST_PROBLEMS = 3;

/**
 * Removes a folder and all that is in it, as far as this user may. If `folder` is a link, the link is removed, and not its target.
 * @returns the reason why the folder still exists; undefined if it does not
 */
export async function removeFolder(folder: string): Promise<string | undefined> {
  const problems = new Problems();
  // On other systems a file cannot be named relative to an open folder, and no models write to these folders.
  if (process.platform === 'linux') await new Removal(folder, problems).run();
  else await rm(folder, { recursive: true, force: true }).catch((error: Error) => problems.add(error.message));
  return problems.text;
}

/** The first failures, and how many there are in all. */
class Problems {
  readonly #first: string[] = [];
  count = 0;

  add(problem: string): void {
    this.count++;
    if (this.#first.length < MOST_PROBLEMS) this.#first.push(problem);
  }

  get text(): string | undefined {
    if (this.count === 0) return undefined;
    const more = this.count - this.#first.length;
    return `${this.#first.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  }
}

class Removal {
  readonly #folder: string;
  readonly #problems: Problems;
  /** The path /proc/self/fd/N of the open folder. It leads to that folder even if another folder has its name now. */
  #top = '';
  /** The names of the folders that were moved up to the top. */
  readonly #moved: string[] = [];

  constructor(folder: string, problems: Problems) {
    this.#folder = folder;
    this.#problems = problems;
  }

  async run(): Promise<void> {
    await this.#remove(this.#folder, this.#folder, async (top) => {
      this.#top = top;
      await this.#empty(top, this.#folder, 1);
      for (let name = this.#moved.pop(); name !== undefined; name = this.#moved.pop()) {
        const called = join(this.#folder, '…');
        await this.#remove(join(top, name), called, (path) => this.#empty(path, called, 2));
      }
    });
  }

  /**
   * Removes one folder, or the link in its place.
   * @param path the folder's present path, inside an open folder, so that no other folder can take its place
   * @param name the folder's name for messages
   * @param empty called with the path of the opened folder before the folder is removed
   */
  async #remove(path: string, name: string, empty: (opened: string) => Promise<void>): Promise<void> {
    const before = this.#problems.count;
    const opened = await openFolder(path).catch((error: NodeJS.ErrnoException) => error);
    if (!(opened instanceof Error)) {
      try {
        await empty(`/proc/self/fd/${opened.fd}`);
      } finally {
        await opened.close();
      }
    }
    const isNoFolder = opened instanceof Error && ['ENOTDIR', 'ELOOP'].includes(opened.code ?? '');
    try {
      // An empty folder can be removed even if it may not be entered.
      await (isNoFolder ? unlink(path) : rmdir(path));
    } catch (error) {
      if (isGone(error) || this.#problems.count > before) return;
      this.#problems.add(problem(name, opened instanceof Error ? opened : error));
    }
  }

  /** Removes the content of a folder. @param level the depth of that content */
  async #empty(folder: string, name: string, level: number): Promise<void> {
    try {
      for await (const entry of await opendir(folder)) {
        const [path, called] = [join(folder, entry.name), join(name, entry.name)];
        if (!entry.isDirectory()) await this.#succeeded(called, unlink(path));
        else if (level < MOST_LEVELS) await this.#remove(path, called, (each) => this.#empty(each, called, level + 1));
        else await this.#moveUp(path, called);
      }
    } catch (error) {
      this.#problems.add(problem(name, error));
    }
  }

  /** Moves a folder to the top, where its path is short. Its content moves along. */
  async #moveUp(path: string, called: string): Promise<void> {
    // Linux lets a user move a folder to another parent only if the user may write to the folder itself. `openFolder` takes that right if
    // it can. If it cannot, the error of `rename` says why.
    await openFolder(path).then(
      (opened) => opened.close(),
      () => {},
    );
    const name = `removed-${randomUUID()}`;
    if (await this.#succeeded(called, rename(path, join(this.#top, name)))) this.#moved.push(name);
  }

  /** Resolves with true if `done` resolves. Otherwise reports the failure, unless the file no longer exists, and resolves with false. */
  async #succeeded(called: string, done: Promise<void>): Promise<boolean> {
    try {
      await done;
      return true;
    } catch (error) {
      if (!isGone(error)) this.#problems.add(problem(called, error));
      return false;
    }
  }
}

/** Opens a folder, and gives its owner all rights to it if this user may. */
async function openFolder(path: string): Promise<FileHandle> {
  const flags = O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK;
  const opened = await open(path, O_RDONLY | flags).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES') throw error;
    await using held = await open(path, O_PATH | flags);
    // The path through the descriptor leads to the folder that was opened, even if another folder has its name now.
    await chmod(`/proc/self/fd/${held.fd}`, ALL_OF_OWNER).catch(() => {
      throw error;
    });
    return await open(path, O_RDONLY | flags);
  });
  const { mode } = await opened.stat();
  if ((mode & ALL_OF_OWNER) !== ALL_OF_OWNER) await opened.chmod(ALL_OF_OWNER).catch(() => {});
  return opened;
}

function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function problem(name: string, error: unknown): string {
  return `${name}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
}
