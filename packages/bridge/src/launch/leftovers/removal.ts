// Removing what a launch has left. Parts of it could be written to by a model, in a container perhaps as root, and perhaps still
// now: nothing is followed out of the folder, however deep it is and however long its paths, and what cannot be removed is told
// and keeps nothing else from being removed.
import { randomUUID } from 'node:crypto';
import { chmod, constants, type FileHandle, open, opendir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Linux: a descriptor of a folder that may not be read. Node has no name for it. */
const O_PATH = 0x20_0000;
const ALL_OF_OWNER = 0o700;
/** Folders in folders: each takes two descriptors while what is in it is removed. What is deeper is moved up first. */
const MOST_LEVELS = 32;
/** Of what could not be removed, so much is told. */
const MOST_PROBLEMS = 3;

/**
 * Removes a folder and all that is in it, as far as this user may. A link in its place is removed, and not what it leads to.
 * @returns why it is still there; undefined when it is not
 */
export async function removeFolder(folder: string): Promise<string | undefined> {
  const problems = new Problems();
  // Elsewhere than on Linux there is no way to name a file by an open folder, nor are there models that write here.
  if (process.platform === 'linux') await new Removal(folder, problems).run();
  else await rm(folder, { recursive: true, force: true }).catch((error: Error) => problems.add(error.message));
  return problems.told;
}

/** What could not be removed: the first of it, and how much. */
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
  /** The folder itself, by its descriptor. */
  #top = '';
  /** Names in it of what was moved up. */
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
   * @param path where it is now: in an open folder, so that nobody can put another in its place
   * @param name what it is called, for messages
   * @param empty what is done with it before, where it is a folder that may be entered
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
      // An empty folder that may not be entered can be removed all the same.
      await (isNoFolder ? unlink(path) : rmdir(path));
    } catch (error) {
      if (isGone(error) || this.#problems.count > before) return;
      this.#problems.add(problem(name, opened instanceof Error ? opened : error));
    }
  }

  /** @param level of what is in it */
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

  /** A folder moves with all that is in it, and its own path is short then. */
  async #moveUp(path: string, called: string): Promise<void> {
    // Linux lets a folder move to another parent only who may write to the folder itself. Where its rights cannot be had the move says why.
    await openFolder(path).then(
      (opened) => opened.close(),
      () => {},
    );
    const name = `removed-${randomUUID()}`;
    if (await this.#told(called, rename(path, join(this.#top, name)))) this.#moved.push(name);
  }

  /** Whether it was done: what is not there any more is no problem. */
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

/** With all rights in it, where it is ours to take them. */
async function openFolder(path: string): Promise<FileHandle> {
  const flags = O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK;
  const opened = await open(path, O_RDONLY | flags).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES') throw error;
    await using held = await open(path, O_PATH | flags);
    // Of the folder that is held, whatever is there by its name now.
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
