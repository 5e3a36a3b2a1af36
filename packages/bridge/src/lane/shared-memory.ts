// Memory that the host lends to the model: pairs of files in a folder on tmpfs. The host writes a request into one file, and the
// model reads it from there; a large reply comes back in the other. The host makes both files before the model is told of
// them, and uses nothing but their descriptors: a file that the model puts in their place is never opened. The host never
// shrinks a file, because the model may have it mapped. If the model shrinks one, its reply is too short.
import {
  close,
  fchmodSync,
  fstatSync,
  openSync,
  read,
  readSync,
  statfsSync,
  unlinkSync,
  writev,
  writevSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { FrameDecoder } from '@bridge/transport';
import { shortMemory } from './lane-errors.ts';

const TMPFS_MAGIC = 0x0102_1994;
const SLOTS = 8;
/** Up to this size the calling thread copies, for about a millisecond. Another thread would have to be woken, and wake this one. */
const SYNC_BYTES = 2 ** 23;
/** The unit of `stat.blocks`. */
const BLOCK_BYTES = 512;

/** Returns whether files in the folder of `path` lie in memory. */
export function isMemory(path: string): boolean {
  try {
    return statfsSync(dirname(path)).type === TMPFS_MAGIC;
  } catch {
    return false;
  }
}

export class LentMemory {
  readonly #path: string;
  readonly #requests = new Map<number, number>();
  readonly #replies = new Map<number, number>();
  readonly #free: number[] = Array.from({ length: SLOTS }, (_, i) => SLOTS - i);
  /** Copies that other threads are making. */
  #copies = 0;
  #disposed = false;

  /** @param path the lane's socket, whose name the files' names begin with */
  constructor(path: string) {
    this.#path = path;
  }

  /** Returns the slot of a pair of files for one message; 0 if all are taken, or none can be made. */
  take(): number {
    const slot = this.#free.at(-1);
    if (slot === undefined || this.#disposed) return 0;
    try {
      // The model may run as any user, and has to write to it.
      this.#file(this.#replies, 'reply', slot, 0o666);
    } catch {
      return 0;
    }
    this.#free.pop();
    return slot;
  }

  /** Takes a pair of files back from a message that has ended. */
  release(slot: number): void {
    if (slot > 0) this.#free.push(slot);
  }

  /** Writes a request into its file. Returns true, or a promise of it for a large one; false if there is no room. */
  write(slot: number, parts: readonly Uint8Array[], bytes: number): boolean | Promise<boolean> {
    try {
      const fd = this.#file(this.#requests, 'request', slot, 0o644);
      if (bytes > SYNC_BYTES) return this.#counted(writeAll(fd, parts, bytes));
      return writevSync(fd, parts, 0) === bytes;
    } catch {
      return false;
    }
  }

  /**
   * Reads a reply out of its file into a decoder's memory: before it returns, or until the promise resolves for a large one.
   * @throws TransportError TRANSPORT_BAD_FRAME if the file holds fewer bytes; the decoder's errors
   */
  read(slot: number, bytes: number, into: FrameDecoder, whole: (reply: Uint8Array) => void): Promise<void> | undefined {
    const fd = this.#replies.get(slot);
    if (fd === undefined || this.#disposed) throw shortMemory(this.#path, 0, bytes);
    // A file may have holes and any size. A reply must not take more memory here than it takes there.
    const { size, blocks } = fstatSync(fd);
    const held = Math.min(size, blocks * BLOCK_BYTES);
    if (held < bytes) throw shortMemory(this.#path, held, bytes);
    const done = (at: number, got: number): void => {
      if (got === 0) throw shortMemory(this.#path, at, bytes);
      const reply = into.filled(got);
      if (reply) whole(reply);
    };
    const space = (at: number): Uint8Array => into.space().subarray(0, bytes - at);
    if (bytes > SYNC_BYTES) return this.#counted(readAll(fd, bytes, space, done));
    for (let at = 0; at < bytes; ) {
      const got = readSync(fd, space(at), { position: at });
      done(at, got);
      at += got;
    }
    return undefined;
  }

  /** Removes the files. A model that has mapped them keeps its mapping. */
  dispose(): void {
    this.#disposed = true;
    for (const slot of this.#requests.keys()) remove(this.#name('request', slot));
    for (const slot of this.#replies.keys()) remove(this.#name('reply', slot));
    this.#close();
  }

  /** Closes the files once no copy needs them: the number of a closed descriptor may soon belong to another file. */
  #close(): void {
    if (!this.#disposed || this.#copies > 0) return;
    for (const fd of [...this.#requests.values(), ...this.#replies.values()]) close(fd);
    this.#requests.clear();
    this.#replies.clear();
  }

  async #counted<T>(copy: Promise<T>): Promise<T> {
    this.#copies++;
    try {
      return await copy;
    } finally {
      this.#copies--;
      this.#close();
    }
  }

  /** Returns the descriptor of a file, which is made first if there is none; any other file of that name is removed. */
  #file(files: Map<number, number>, what: 'request' | 'reply', slot: number, mode: number): number {
    let fd = files.get(slot);
    if (fd === undefined) {
      remove(this.#name(what, slot));
      fd = openSync(this.#name(what, slot), 'wx+');
      files.set(slot, fd);
      // The model may run as another user. The folder keeps everybody else out.
      fchmodSync(fd, mode);
    }
    return fd;
  }

  #name(what: 'request' | 'reply', slot: number): string {
    return `${this.#path}.${what}-${slot}`;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // There was no such file, or it is one that unlink cannot remove.
  }
}

function writeAll(fd: number, parts: readonly Uint8Array[], bytes: number): Promise<boolean> {
  return new Promise((resolve) => writev(fd, parts, 0, (error, written) => resolve(!error && written === bytes)));
}

async function readAll(
  fd: number,
  bytes: number,
  space: (at: number) => Uint8Array,
  done: (at: number, got: number) => void,
): Promise<void> {
  for (let at = 0; at < bytes; ) {
    const memory = space(at);
    const got = await new Promise<number>((resolve, reject) =>
      read(fd, memory, 0, memory.length, at, (error, count) => (error ? reject(error) : resolve(count))),
    );
    done(at, got);
    at += got;
  }
}
