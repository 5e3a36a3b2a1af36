// Memory that the host lends to the model: pairs of files in a folder on tmpfs. A request is written into one of them
// and read by the model where it lies; a large reply comes back in the other. Both are made here, before the model is told of
// them, and used by their descriptors alone: what the model puts in their place is never looked at. A file never shrinks on our
// side, because the model may have it mapped; where the model shrinks one, its reply is short.
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
import { shortMemory } from './errors.ts';

const TMPFS_MAGIC = 0x0102_1994;
const SLOTS = 8;
/** Up to here the copy takes less time than handing it to another thread would. */
const AT_ONCE_BYTES = 2 ** 21;
/** What a file's size in blocks is counted in. */
const BLOCK_BYTES = 512;

/** Whether files in the folder of `path` are memory. */
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
  /** Of copies that another thread makes. */
  #underWay = 0;
  #over = false;

  /** @param path the lane's socket: the files are called after it */
  constructor(path: string) {
    this.#path = path;
  }

  /** A pair of files for one message; 0 when all are taken, or none can be made. */
  take(): number {
    const slot = this.#free.at(-1);
    if (slot === undefined || this.#over) return 0;
    try {
      // Whoever the model runs as is to write to it.
      this.#file(this.#replies, 'reply', slot, 0o666);
    } catch {
      return 0;
    }
    this.#free.pop();
    return slot;
  }

  /** The message has ended. */
  release(slot: number): void {
    if (slot > 0) this.#free.push(slot);
  }

  /** Puts a request into its file: at once, or a promise that it is there. False: there is no room. */
  write(slot: number, parts: readonly Uint8Array[], bytes: number): boolean | Promise<boolean> {
    try {
      const fd = this.#file(this.#requests, 'request', slot, 0o644);
      if (bytes > AT_ONCE_BYTES) return this.#elsewhere(writeAll(fd, parts, bytes));
      return writevSync(fd, parts, 0) === bytes;
    } catch {
      return false;
    }
  }

  /**
   * Reads a reply out of its file into a decoder's memory: at once, or a promise that it has been.
   * @throws TransportError TRANSPORT_BAD_FRAME where the file does not hold so much; the decoder's errors
   */
  read(slot: number, bytes: number, into: FrameDecoder, whole: (reply: Uint8Array) => void): Promise<void> | undefined {
    const fd = this.#replies.get(slot);
    if (fd === undefined || this.#over) throw shortMemory(this.#path, 0, bytes);
    // A file may have any size and hold next to nothing: a reply is to take no more memory here than it took there.
    const { size, blocks } = fstatSync(fd);
    const held = Math.min(size, blocks * BLOCK_BYTES);
    if (held < bytes) throw shortMemory(this.#path, held, bytes);
    const done = (at: number, got: number): void => {
      if (got === 0) throw shortMemory(this.#path, at, bytes);
      const reply = into.filled(got);
      if (reply) whole(reply);
    };
    const space = (at: number): Uint8Array => into.space().subarray(0, bytes - at);
    if (bytes > AT_ONCE_BYTES) return this.#elsewhere(readAll(fd, bytes, space, done));
    for (let at = 0; at < bytes; ) {
      const got = readSync(fd, space(at), { position: at });
      done(at, got);
      at += got;
    }
    return undefined;
  }

  /** Takes the files away. Who has them mapped keeps them. */
  dispose(): void {
    this.#over = true;
    for (const slot of this.#requests.keys()) remove(this.#name('request', slot));
    for (const slot of this.#replies.keys()) remove(this.#name('reply', slot));
    this.#close();
  }

  /** A descriptor that is closed under a copy may be another file's by then. */
  #close(): void {
    if (!this.#over || this.#underWay > 0) return;
    for (const fd of [...this.#requests.values(), ...this.#replies.values()]) close(fd);
    this.#requests.clear();
    this.#replies.clear();
  }

  async #elsewhere<T>(copy: Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await copy;
    } finally {
      this.#underWay--;
      this.#close();
    }
  }

  /** Made new, whatever is there by that name. */
  #file(files: Map<number, number>, what: 'request' | 'reply', slot: number, mode: number): number {
    let fd = files.get(slot);
    if (fd === undefined) {
      remove(this.#name(what, slot));
      fd = openSync(this.#name(what, slot), 'wx+');
      files.set(slot, fd);
      // The model may run as another user, and only it and its host may enter the folder.
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
    // It was not there, or is what cannot be removed so.
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
