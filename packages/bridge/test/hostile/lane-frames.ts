// A model sends random frames on its lane.
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { array, encode } from '@bridge/npy';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { encodeHead } from '../../src/lane/frames.ts';
import { lane } from '../../src/lane/lane.ts';
import type { Random } from '../faults/random.ts';
import { ENOUGH, type Kind, outcomeOf } from './campaign.ts';
import { listen, say, someBytes, someLength, spoilt } from './peer.ts';

export const MESSAGE = encode(array([1, 2, 3]));
const HELLO = Buffer.from('{"lane":1,"pid":7,"python":"3.11.2"}');
const KINDS = 'HRSEXDBQM';

export function laneFrame(random: Random, kind: string, body: Uint8Array, sequence: number): Buffer {
  const head = Buffer.from(encodeHead({ kind: 'E', slot: 0, sequence, length: 0 }));
  head[0] = kind.charCodeAt(0);
  if (kind === 'S' || random.chance(0.03))
    head[1] = random.weighted([
      [3, 1],
      [1, 2],
      [1, random.int(0, 255)],
    ]);
  head.writeBigUInt64LE(someLength(random, body.length), 8);
  return Buffer.concat([head, body]);
}

/** Returns the bytes with which a model answers its first request: a valid reply, a damaged one, or other frames. */
export function laneWords(random: Random): Buffer {
  const parts: Buffer[] = [];
  for (let frames = random.int(0, 12); frames > 0; frames--) {
    const kind = random.weighted([
      [4, 'R'],
      [3, 'E'],
      [3, KINDS[random.int(0, KINDS.length - 1)] ?? 'R'],
      [1, '?'],
    ] as const);
    const body = random.weighted<Uint8Array>([
      [3, MESSAGE],
      [1, spoilt(MESSAGE, random)],
      [2, someBytes(random, 60)],
      [1, HELLO],
    ] as const);
    const sequence = random.weighted([
      [6, 1],
      [2, 2],
      [1, random.int(0, 2 ** 32 - 1)],
    ] as const);
    parts.push(
      laneFrame(random, kind, kind === 'E' || kind === 'S' || kind === 'B' ? Buffer.alloc(0) : body, sequence),
    );
  }
  const all = Buffer.concat(parts);
  return random.chance(0.1)
    ? spoilt(all, random)
    : random.chance(0.1)
      ? all.subarray(0, random.int(0, all.length))
      : all;
}

/** @param meet is called with the first request, before the model answers */
export async function hostileLane(
  path: string,
  next: () => Random,
  meet: (random: Random, request: Buffer) => void = () => {},
): Promise<AsyncDisposable> {
  return await listen(path, (socket: Socket) => {
    const random = next();
    const hello = Buffer.concat([encodeHead({ kind: 'H', slot: 0, sequence: 0, length: HELLO.length }), HELLO]);
    socket.write(random.chance(0.05) ? spoilt(hello, random) : hello);
    socket.once('data', (request: Buffer) => {
      meet(random, request);
      void say(socket, laneWords(random), random);
    });
    socket.setTimeout(200, () => socket.destroy());
  });
}

/** Sends one or two messages by a new lane. */
export async function callBy(path: string, random: Random): Promise<readonly string[]> {
  const memory = random.chance(0.5) ? { memoryBytes: random.chance(0.5) ? 1 : Number.POSITIVE_INFINITY } : {};
  const carrier = lane(path, { dialect: dialects.seed, limits: { maxMessageBytes: 2 ** 20 }, ...memory });
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(ENOUGH), 500);
  const messages = Array.from({ length: random.int(1, 2) }, () =>
    outcomeOf(carrier.exchange([MESSAGE], { signal: enough.signal })),
  );
  const came = await Promise.all(messages);
  clearTimeout(timer);
  await carrier.close();
  return came;
}

export async function laneFrames(): Promise<Kind> {
  const folder = mkdtempSync('/dev/shm/npbridge-frames-');
  const path = join(folder, 'lane.sock');
  // The peer accepts connections in the order in which they are made.
  const waiting: Random[] = [];
  const peer = await hostileLane(path, () => waiting.shift() as Random);
  return {
    run(random) {
      // The carrier opens its lane again after it broke, and that connection needs an entry as well.
      waiting.push(random);
      if (waiting.length < 64) waiting.push(random);
      return callBy(path, random);
    },
    async [Symbol.asyncDispose]() {
      await peer[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
