// A peer that listens, and behaves on each connection as the test case says.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Random } from '../faults/random.ts';

export interface Peer extends AsyncDisposable {
  readonly port: number;
}

/** @param path the path of a Unix socket, or undefined for a TCP port */
export async function listen(path: string | undefined, meet: (socket: Socket) => void): Promise<Peer> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    meet(socket);
  });
  server.listen(path === undefined ? { host: '127.0.0.1', port: 0 } : { path });
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

/** Sends bytes whole, in a few pieces or in many, and then ends, destroys or keeps the connection. */
export async function say(socket: Socket, bytes: Uint8Array, random: Random): Promise<void> {
  const pieces = random.weighted([
    [6, 1],
    [3, random.int(2, 4)],
    [1, random.int(5, 30)],
  ] as const);
  for (let at = 0, piece = 0; piece < pieces; piece++) {
    const end = piece === pieces - 1 ? bytes.length : random.int(at, bytes.length);
    socket.write(bytes.subarray(at, end));
    at = end;
    if (piece < pieces - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  const leave = random.weighted([
    [5, 'end'],
    [2, 'destroy'],
    [1, 'stay'],
  ] as const);
  if (leave === 'stay') setTimeout(() => socket.destroy(), random.int(1, 30)).unref();
  else if (leave === 'end') socket.end();
  else socket.destroy();
}

export const someBytes = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: random.int(0, most) }, () => random.int(0, 255)));

/** Returns a copy of the bytes with some of them changed. */
export function spoilt(bytes: Uint8Array, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let times = random.int(1, 4); times > 0 && copy.length > 0; times--)
    copy[random.int(0, copy.length - 1)] = random.int(0, 255);
  return copy;
}

/** Returns a random length: mostly the true one, and otherwise 0, a small or a huge one. */
export const someLength = (random: Random, length: number): bigint =>
  random.weighted([
    [60, BigInt(length)],
    [1, 0n],
    [1, BigInt(random.int(0, 300))],
    [1, 65_536n],
    [1, 65_537n],
    [1, 2n ** 31n],
    [1, 2n ** 50n],
    [1, 2n ** 53n],
    [1, 2n ** 64n - 1n],
  ]);
