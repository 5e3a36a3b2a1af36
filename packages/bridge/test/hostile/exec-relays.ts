// In a container another program writes random output in the place of the relay; and Docker's stream with a program's two outputs
// has random bytes.
import { connect, type Socket } from 'node:net';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { demultiplexer } from '../../src/launch/docker/container/multiplexed.ts';
import { ExecChannel } from '../../src/launch/docker/exec/exec-channel.ts';
import type { Random } from '../faults/random.ts';
import { ENOUGH, type Kind, outcomeOf } from './campaign.ts';
import { MESSAGE } from './lane-frames.ts';
import { listen, say, someBytes, someLength, spoilt } from './peer.ts';

const KINDS = 'HAOSDEUL';
const EMPTY = Buffer.alloc(0);

function frame(random: Random, kind: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.write(kind, 'latin1');
  head.writeBigUInt64BE(someLength(random, body.length), 1);
  return Buffer.concat([head, body]);
}

/** Returns a program's output in the frames in which the engine passes it on. */
function written(random: Random, bytes: Uint8Array): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = random.chance(0.7) ? bytes.length : random.int(at + 1, bytes.length);
    const head = Buffer.alloc(8);
    head[0] = random.weighted([
      [20, 1],
      [2, 2],
      [1, random.int(0, 255)],
    ] as const);
    head.writeUInt32BE(random.chance(0.97) ? end - at : random.int(0, 2 ** 32 - 1), 4);
    parts.push(head, Buffer.from(bytes.subarray(at, end)));
    at = end;
  }
  return Buffer.concat(parts);
}

function words(random: Random): Buffer {
  const parts = random.chance(0.8)
    ? [frame(random, 'A', EMPTY), frame(random, 'O', EMPTY), frame(random, 'S', EMPTY)]
    : [];
  for (let frames = random.int(0, 8); frames > 0; frames--) {
    const kind = random.weighted([
      [5, 'D'],
      [4, KINDS[random.int(0, KINDS.length - 1)] ?? 'D'],
      [1, '\xff'],
    ] as const);
    const body = random.weighted<Uint8Array>([
      [3, MESSAGE],
      [1, spoilt(MESSAGE, random)],
      [2, someBytes(random, 60)],
    ] as const);
    parts.push(
      frame(random, kind, kind === 'D' ? body : 'UL'.includes(kind) ? Buffer.from(String(random.int(0, 200))) : EMPTY),
    );
  }
  const all = Buffer.concat(parts);
  return written(random, random.chance(0.1) ? spoilt(all, random) : all);
}

export async function execRelays(): Promise<Kind> {
  const waiting: Random[] = [];
  const peer = await listen(undefined, (socket: Socket) => {
    const random = waiting.shift() as Random;
    const hello = Buffer.concat([Buffer.from('H'), Buffer.alloc(8)]);
    socket.write(written(random, random.chance(0.05) ? spoilt(hello, random) : hello));
    socket.once('data', () => void say(socket, words(random), random));
    socket.setTimeout(200, () => socket.destroy());
  });
  return {
    async run(random) {
      waiting.push(random);
      const stream = connect({ host: '127.0.0.1', port: peer.port });
      const channel = new ExecChannel('127.0.0.1:6000 in container 1', stream, {
        dialect: dialects.seed,
        limits: { maxMessageBytes: 2 ** 20 },
      });
      const enough = new AbortController();
      const timer = setTimeout(() => enough.abort(ENOUGH), 500);
      const opened = await outcomeOf(channel.ready);
      const came =
        opened === 'answered' ? await outcomeOf(channel.exchange([MESSAGE], { signal: enough.signal })) : opened;
      clearTimeout(timer);
      channel.close();
      stream.destroy();
      return [came];
    },
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  };
}

/**
 * Any bytes in the stream are valid output of the program: the demultiplexer returns no more bytes than came, and throws no error.
 */
export async function outputs(): Promise<Kind> {
  return {
    async run(random) {
      let bytes = 0;
      const streams = demultiplexer((_, piece) => {
        bytes += piece.length;
      });
      const all = random.chance(0.5) ? written(random, someBytes(random, 300)) : someBytes(random, 300);
      for (let at = 0; at < all.length; ) {
        const end = random.int(at + 1, all.length);
        streams.push(all.subarray(at, end));
        at = end;
      }
      return [bytes <= all.length ? 'answered' : 'wrong: more bytes than came'];
    },
    async [Symbol.asyncDispose]() {},
  };
}
