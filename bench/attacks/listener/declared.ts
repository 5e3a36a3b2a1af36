// Callers declare a gibibyte and send a few bytes. The figure is the cost for a listener in a program with a large heap, because V8
// collects the whole heap for each gibibyte that is allocated.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Attack } from '../attack.ts';

const FRAMES = 200;
const OBJECTS = 2_000_000;
const DECLARED = 2 ** 30 - 1;

const declared: Attack = {
  name: `listener: ${FRAMES} frames that declare a gibibyte`,
  unit: 'ms of processor time for each',
  bound: { atMost: 5 },
  async run(tree) {
    const { uintLength } = await tree.load('@bridge/transport');
    const { listenTcp } = await tree.load('@bridge/transport/tcp');
    const framing = uintLength({ bytes: 4 });
    const dialect = { request: framing, reply: framing };
    const options = { dialect, limits: { closeMs: 100 }, onError: () => {} };
    const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, options, async (request) => [request]);
    const port = Number(new URL(listener.address).port);
    const heap = Array.from({ length: OBJECTS }, (_, i) => ({ i }));
    const frame = Buffer.alloc(1000);
    frame.writeUInt32BE(DECLARED);
    const before = process.cpuUsage();
    for (let i = 0; i < FRAMES; i++) {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.resume().end(frame);
      await once(socket, 'close');
    }
    const { user, system } = process.cpuUsage(before);
    await listener.close();
    if (heap.length !== OBJECTS) throw new Error('the heap is gone');
    return (user + system) / 1000 / FRAMES;
  },
};

export const listenerDeclared: readonly Attack[] = [declared];
