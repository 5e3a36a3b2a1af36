// Failing and hostile hosts, which `serve` and `relay` have to survive. A seeded random number chooses what each does.
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { encode } from '@bridge/npy';
import { dial, framed } from '../support/seed-host.ts';

/** Returns numbers from 0 to below 1, the same for the same seed. */
export type Random = () => number;

/** Mulberry32. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Way = (socket: Socket, message: Buffer, random: Random) => Promise<void> | void;

/** Each function leaves the connection open or closes it. None sends a whole message that a model would not accept. */
const WAYS: Readonly<Record<string, Way>> = {
  'closes at once': (socket) => void socket.end(),
  'resets at once': (socket) => void socket.resetAndDestroy(),
  'says nothing': () => {},
  'ends inside': (socket, message, random) => void socket.end(message.subarray(0, random() * message.length)),
  'resets inside': async (socket, message, random) => {
    socket.write(message.subarray(0, random() * message.length));
    await pause(random() * 5);
    socket.resetAndDestroy();
  },
  'stops inside': (socket, message, random) => void socket.write(message.subarray(0, random() * message.length)),
  drips: async (socket, message, random) => {
    for (let at = 0; at < message.length && at < 300 && socket.writable; at++) {
      socket.write(message.subarray(at, at + 1));
      if (random() < 0.1) await pause(1);
    }
  },
  'speaks HTTP': (socket) => void socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  'sends noise': (socket, _, random) =>
    void socket.write(Buffer.from(Array.from({ length: 4000 }, () => random() * 256))),
  'declares too much': (socket) => void socket.write('9999999999'),
  'declares a lot and stops': (socket) => void socket.write('999999999 '),
  'declares eleven digits': (socket) => void socket.write('12345678901'),
  'declares NUL-padded': (socket, message) =>
    void socket.write(Buffer.concat([Buffer.from('128\0\0\0\0\0\0\0'), message])),
  'resets behind its message': async (socket, message, random) => {
    socket.write(message);
    await pause(random() * 4);
    socket.resetAndDestroy();
  },
  'closes behind its message': (socket, message) => {
    socket.write(message);
    socket.destroySoon();
  },
  'floods behind its message': async (socket, message) => {
    socket.write(message);
    for (let i = 0; i < 20 && socket.writable; i++) {
      socket.write(Buffer.alloc(65_536, '1'));
      await pause(0);
    }
  },
  'sends three at once': (socket, message) => void socket.write(Buffer.concat([message, message, message])),
  'does not read': (socket, message) => {
    socket.pause();
    socket.write(message);
  },
  'half-closes and leaves while it waits': async (socket, message) => {
    socket.end(message);
    await pause(1);
    socket.destroy();
  },
};

/**
 * Does one wrong thing to `address`, which `random` chooses, and disconnects a moment later. Resolves with the name of what it did.
 */
export async function misbehave(address: string, array: Parameters<typeof encode>[0], random: Random): Promise<string> {
  const names = Object.keys(WAYS);
  const name = names[Math.floor(random() * names.length)] ?? '';
  // A listener with too many connections may refuse this one, which is correct.
  const socket = await dial(address).catch(() => undefined);
  if (!socket) return name;
  await WAYS[name]?.(socket, framed(encode(array)), random);
  await pause(random() * 20);
  socket.destroy();
  return name;
}
