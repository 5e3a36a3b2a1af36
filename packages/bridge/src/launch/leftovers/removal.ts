// Removes what a launch has left. A model may have written to parts of it, in a container perhaps as root, and may still do so: no
// link is followed out of the folder, however deep it is and however long its paths. Failures are reported, and do not keep the
// rest from being removed.
import { randomUUID } from 'node:crypto';
import { chmod, constants, type FileHandle, open, opendir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Linux: opens a folder that may not be read. Node has no name for this flag. */
const O_PATH = 0x20_0000;
const ALL_OF_OWNER = 0o700;
/** The most folders in folders: each takes two descriptors while its content is removed. Deeper folders are moved up first. */
const MOST_LEVELS = 32;
/** The most failures that are reported in words. The others are counted. */
const MOST_PROBLEMS = 3;

/**
 * Removes a folder and all that is in it, as far as this user may. A link in its place is removed, and not its target.
 * @returns the reason for which it still exists; undefined if it does not
 */
export async function removeFolder(folder: string): Promise<string | undefined> {
  const problems = new Problems();
  // Other systems have no way to name a file by an open folder, and no models that write here.
  if (process.platform === 'linux') await new Removal(folder, problems).run();
  else await rm(folder, { recursive: true, force: true }).catch((error: Error) => problems.add(error.message));
  return problems.told;
}

/** Failures: the first of them, and how many there are. */
class Problems {
  readonly #first: string[] = [];
  count = 0;

  add(problem: string): void {
    this.count++;
    if (this.#first.length < MOST_PROBLEMS) this.#first.push(problem);
  }

  get told(): string | undefined {
    if (this.count === 0) return undefined;
    const more = this.count - this.#first.length;
    return `${this.#first.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  }
}

class Removal {
  readonly #folder: string;
  readonly #problems: Problems;
  /** The path /proc/self/fd/N of the open folder, which leads to it even if another folder has its name by now. */
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
   * @param path the present path, in an open folder, so that no other folder can take its place
   * @param name the name for messages
   * @param empty called with the opened folder before it is removed
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

  /** @param level the depth of the folder's content */
  async #empty(folder: string, name: string, level: number): Promise<void> {
    try {
      for await (const entry of await opendir(folder)) {
        const [path, called] = [join(folder, entry.name), join(name, entry.name)];
        if (!entry.isDirectory()) await this.#told(called, unlink(path));
        else if (level < MOST_LEVELS) await this.#remove(path, called, (each) => this.#empty(each, called, level + 1));
        else await this.#moveUp(path, called);
      }
    } catch (error) {
      this.#problems.add(problem(name, error));
    }
  }

  /** Moves a folder to the top, where its path is short. Its content moves with it. */
  async #moveUp(path: string, called: string): Promise<void> {
    // Linux lets a user move a folder to another parent only with the right to write to the folder itself. If that right cannot be
    // had, the error of `rename` says why.
    await openFolder(path).then(
      (opened) => opened.close(),
      () => {},
    );
    const name = `removed-${randomUUID()}`;
    if (await this.#told(called, rename(path, join(this.#top, name)))) this.#moved.push(name);
  }

  /** Resolves with true if `done` does. Reports its failure, unless the file does not exist any more, and resolves with false. */
  async #told(called: string, done: Promise<void>): Promise<boolean> {
    try {
      await done;
      return true;
    } catch (error) {
      if (!isGone(error)) this.#problems.add(problem(called, error));
      return false;
    }
  }
}

/** Opens a folder, and takes all rights in it if this user may. */
async function openFolder(path: string): Promise<FileHandle> {
  const flags = O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK;
  const opened = await open(path, O_RDONLY | flags).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES') throw error;
    await using held = await open(path, O_PATH | flags);
    // The path by the descriptor leads to the folder that was opened, and not to another that has its name by now.
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
