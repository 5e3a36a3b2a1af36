// Memory that the host lends to the model: pairs of files in a folder on tmpfs. A request is written into one of them
// and read by the model where it lies; a large reply comes back in the other. A file never shrinks, because the model
// may have it mapped.
import { close, fchmodSync, openSync, read, readSync, statfsSync, unlinkSync, writev, writevSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FrameDecoder } from '@bridge/transport';

const TMPFS_MAGIC = 0x0102_1994;
const SLOTS = 8;
/** Up to here the copy takes less time than handing it to another thread would. */
const AT_ONCE_BYTES = 2 ** 21;

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
  readonly #free: number[] = Array.from({ length: SLOTS }, (_, i) => SLOTS - i);
  readonly #replies = new Set<string>();

  /** @param path the lane's socket: the files are called after it */
  constructor(path: string) {
    this.#path = path;
  }

  /** A pair of files for one message; 0 when all are taken. */
  take(): number {
    return this.#free.pop() ?? 0;
  }

  /** The message has ended. */
  release(slot: number): void {
    if (slot > 0) this.#free.push(slot);
  }

  /** Puts a request into its file: at once, or a promise that it is there. False: there is no room. */
  write(slot: number, parts: readonly Uint8Array[], bytes: number): boolean | Promise<boolean> {
    try {
      const fd = this.#request(slot);
      if (bytes > AT_ONCE_BYTES) return writeAll(fd, parts, bytes);
      return writevSync(fd, parts, 0) === bytes;
    } catch {
      return false;
    }
  }

  /** Reads a reply out of its file into a decoder's memory: at once, or a promise that it has been. */
  read(slot: number, bytes: number, into: FrameDecoder, whole: (reply: Uint8Array) => void): Promise<void> | undefined {
    const path = `${this.#path}.reply-${slot}`;
    this.#replies.add(path);
    const fd = openSync(path, 'r');
    const done = (at: number, got: number): void => {
      if (got === 0) throw new Error(`${path} ends after ${at} of ${bytes} bytes`);
      const reply = into.filled(got);
      if (reply) whole(reply);
    };
    const space = (at: number): Uint8Array => into.space().subarray(0, bytes - at);
    if (bytes > AT_ONCE_BYTES) return readAll(fd, bytes, space, done).finally(() => close(fd));
    try {
      for (let at = 0; at < bytes; ) {
        const got = readSync(fd, space(at), { position: at });
        done(at, got);
        at += got;
      }
    } finally {
      close(fd);
    }
    return undefined;
  }

  /** Takes the files away. Who has them mapped keeps them. */
  dispose(): void {
    for (const fd of this.#requests.values()) close(fd);
    for (const slot of this.#requests.keys()) remove(this.#name(slot));
    for (const path of this.#replies) remove(path);
    this.#requests.clear();
  }

  #request(slot: number): number {
    let fd = this.#requests.get(slot);
    if (fd === undefined) {
      remove(this.#name(slot));
      fd = openSync(this.#name(slot), 'wx');
      // The model may run as another user.
      fchmodSync(fd, 0o644);
      this.#requests.set(slot, fd);
    }
    return fd;
  }

  #name(slot: number): string {
    return `${this.#path}.request-${slot}`;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not there.
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
