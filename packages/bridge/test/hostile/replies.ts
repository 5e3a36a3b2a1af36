// A model answers with random replies on its port, in the dialect `seed`.
import { array, decode, encode } from '@bridge/npy';
import { tcp } from '@bridge/transport/tcp';
import { dialects } from '../../src/dialects/all-dialects.ts';
import type { Random } from '../faults/random.ts';
import { ENOUGH, type Kind, outcomeOf } from './campaign.ts';
import { MESSAGE } from './lane-frames.ts';
import { listen, say, someBytes, spoilt } from './peer.ts';

const REPLIES = [
  MESSAGE,
  encode(array(new Float32Array(12), { shape: [2, 6] })),
  encode(array(['a', 'text'])),
  encode(array([true, false])),
];
const HEADERS = [
  `{'descr': '|u1', 'fortran_order': False, 'shape': (${2 ** 40},), }`,
  `{'descr': '|O', 'fortran_order': False, 'shape': (3,), }`,
  `{'descr': '<f8', 'fortran_order': False, 'shape': (${Array(200).fill(1).join(',')}), }`,
  `{'descr': ('a','<i4',(900,0)), 'fortran_order': False, 'shape': (16777216,), }`,
  `{'descr': [('x','<f4'),('y','<f4')], 'fortran_order': True, 'shape': (0,3), }`,
  '{'.repeat(300),
];

function reply(random: Random): Buffer {
  const whole = Buffer.from(REPLIES[random.int(0, REPLIES.length - 1)] ?? MESSAGE);
  const text = HEADERS[random.int(0, HEADERS.length - 1)] ?? '';
  const header = Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY\x01\0'),
    Buffer.alloc(2),
    Buffer.from(`${text}\n`),
  ]);
  header.writeUInt16LE(text.length + 1, 8);
  return random.weighted([
    [4, whole],
    [3, spoilt(whole, random)],
    [2, whole.subarray(0, random.int(0, whole.length))],
    [1, Buffer.concat([whole, someBytes(random, 50)])],
    [2, header],
    [2, Buffer.concat([spoilt(header, random), someBytes(random, 50)])],
    [2, someBytes(random, 300)],
  ]);
}

export async function replies(): Promise<Kind> {
  const waiting: Random[] = [];
  const peer = await listen(undefined, (socket) => {
    const random = waiting.shift() as Random;
    socket.once('data', () => void say(socket, reply(random), random));
    socket.setTimeout(200, () => socket.destroy());
  });
  return {
    async run(random) {
      waiting.push(random);
      await using carrier = tcp(
        { host: '127.0.0.1', port: peer.port },
        { dialect: dialects.seed, limits: { maxMessageBytes: 2 ** 24 } },
      );
      const enough = new AbortController();
      const timer = setTimeout(() => enough.abort(ENOUGH), 500);
      const came = await outcomeOf(
        carrier.exchange([MESSAGE], { signal: enough.signal }).then((bytes) => decode(bytes)),
      );
      clearTimeout(timer);
      return [came];
    },
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  };
}
