// A client without the guard's rules: it does to a model what a row of the table in README.md says.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { decode, encode, readHeader } from '@bridge/npy';
import { framed } from '../support/seed-host.ts';
import { type FrameSpec, frame, mismatch } from './frames.ts';

/** Returns the bytes of a whole request: the length in ten characters, and np.save's bytes. */
export function request(spec: FrameSpec): Buffer {
  return framed(encode(frame(spec)));
}

export class RawClient implements AsyncDisposable {
  readonly socket: Socket;
  readonly #closed: Promise<unknown>;

  private constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    this.socket.on('error', () => {});
    this.#closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  /** Resolves when the connection is established. */
  static async open(port: number): Promise<RawClient> {
    const client = new RawClient(port);
    await once(client.socket, 'connect');
    return client;
  }

  /** Resolves when the kernel has taken all bytes. */
  async write(bytes: Uint8Array | string): Promise<void> {
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** Closes both directions at once, like a process that ends. */
  fin(): void {
    this.socket.destroy();
  }

  rst(): void {
    this.socket.resetAndDestroy();
  }

  /** Reads a reply up to the end that its header declares. @throws Error if the connection ends before */
  async reply(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let wanted = Number.POSITIVE_INFINITY;
    for await (const chunk of this.socket.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (wanted === Number.POSITIVE_INFINITY) {
        const header = readHeader(Buffer.concat(chunks));
        if (header) wanted = header.dataOffset + header.dataBytes;
      }
      if (bytes >= wanted) return Buffer.concat(chunks);
    }
    throw new Error(`the reply ended after ${bytes} bytes`);
  }

  /** Resolves when the server has closed its side. */
  async end(): Promise<void> {
    this.socket.resume();
    if (!this.socket.readableEnded) await once(this.socket, 'end');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.#closed;
  }
}

/**
 * Resolves with whether a model answers a well-behaved client within `patienceMs`. A client that gets no answer stays connected,
 * because closing would do more harm.
 */
export async function serves(port: number, spec: FrameSpec, patienceMs = 60_000): Promise<boolean> {
  const client = await RawClient.open(port);
  await client.write(request(spec));
  const served = client.reply().then((reply) => {
    client.rst();
    const why = mismatch(spec, decode(reply));
    if (why) throw new Error(why);
    return true;
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, patienceMs, false);
  });
  try {
    return await Promise.race([served, patience]);
  } finally {
    clearTimeout(timer);
    served.catch(() => {});
  }
}
