// Memory that the host lends to the model: pairs of files in a folder on tmpfs. The host writes a request into one file, from which the
// model reads it; a large reply comes back in the other. The host creates both files before it tells the model of them, and uses
// only their descriptors: a file that the model puts in their place is never opened. The host never shrinks a file, because the model may
// have it mapped. If the model shrinks one, its reply is too short.
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

/** The type of a tmpfs in statfs(2). */
const TMPFS_MAGIC = 0x0102_1994;
/** The number of pairs of files. A slot is the number of a pair, from 1. */
const SLOTS = 8;
/** The largest message that the calling thread copies, which takes about a millisecond. Waking another thread would take time, too. */
const SYNC_BYTES = 2 ** 23;
/** The unit of `stat.blocks`. */
const BLOCK_BYTES = 512;

/** Returns true if the folder of `path` is on tmpfs, so that its files are in memory. */
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
  /** The number of copies that other threads are making. */
  #copies = 0;
  #disposed = false;

  /** @param path the path of the lane's socket, with which the paths of the files begin */
  constructor(path: string) {
    this.#path = path;
  }

  /** Returns the slot of a free pair of files; 0 if none is free, or if a file cannot be created. */
  take(): number {
    const slot = this.#free.at(-1);
    if (slot === undefined || this.#disposed) return 0;
    try {
      // The model may run as any user, and has to write to this file.
      this.#file(this.#replies, 'reply', slot, 0o666);
    } catch {
      return 0;
    }
    this.#free.pop();
    return slot;
  }

  /** Makes a pair of files free again, because its message has ended. */
  release(slot: number): void {
    if (slot > 0) this.#free.push(slot);
  }

  /** Writes a request into its file. Returns true if that succeeded, false if there is no room, and a promise of this for a large one. */
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
   * Reads a reply from its file into the memory of a decoder: before this function returns, or, if the reply is large, before the promise
   * resolves.
   * @throws TransportError TRANSPORT_BAD_FRAME if the file holds fewer bytes; what the decoder throws
   */
  read(slot: number, bytes: number, into: FrameDecoder, whole: (reply: Uint8Array) => void): Promise<void> | undefined {
    const fd = this.#replies.get(slot);
    if (fd === undefined || this.#disposed) throw shortMemory(this.#path, 0, bytes);
    // A file may have holes, and therefore any size. A reply must not take more memory in this process than the file has.
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

  /** Removes the files. If the model has mapped one, the mapping stays valid. */
  dispose(): void {
    this.#disposed = true;
    for (const slot of this.#requests.keys()) remove(this.#name('request', slot));
    for (const slot of this.#replies.keys()) remove(this.#name('reply', slot));
    this.#close();
  }

  /** Closes the files once no copy needs them, because the number of a closed descriptor may soon belong to another file. */
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

  /** Returns the descriptor of a slot's file. The first call removes any file of that name and creates it. */
  #file(files: Map<number, number>, what: 'request' | 'reply', slot: number, mode: number): number {
    let fd = files.get(slot);
    if (fd === undefined) {
      remove(this.#name(what, slot));
      fd = openSync(this.#name(what, slot), 'wx+');
      files.set(slot, fd);
      // The model may run as another user. Other users cannot enter the folder.
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
    // There was no such file, or it is one that unlink cannot remove, such as a folder.
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
