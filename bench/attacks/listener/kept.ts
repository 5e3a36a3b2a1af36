// Hosts on persistent connections send and do not read. The figures are the memory of their replies, and the share of their
// requests that are handled.
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Attack, Tree } from '../attack.ts';

const MB = 1_000_000;
const HELD_MB = 100;
const REPLY_BYTES = MB;
const ATTACK_MS = 5000;
const ANSWERS_A_LOOK = 20;
const FRAME_BYTES = 921_600;
const FRAMES = 50;

async function listen(
  tree: Tree,
  answer: () => Uint8Array[],
): Promise<{ port: number; handled: () => number; close: () => Promise<void> }> {
  const { uintLength } = await tree.load('@bridge/transport');
  const { listenTcp } = await tree.load('@bridge/transport/tcp');
  const framing = uintLength({ bytes: 4 });
  let handled = 0;
  const listener = await listenTcp(
    { host: '127.0.0.1', port: 0 },
    {
      dialect: { request: framing, reply: framing, connection: 'persistent' },
      limits: { maxMessageBytes: 10 * MB, maxHeldBytes: HELD_MB * MB, closeMs: 100 },
    },
    async () => {
      handled++;
      return answer();
    },
  );
  const port = Number(new URL(listener.address).port);
  return { port, handled: () => handled, close: () => listener.close() };
}

const unread: Attack = {
  name: 'listener: replies that nobody reads',
  unit: `MB of requests and replies in memory, of ${HELD_MB} allowed`,
  bound: { atMost: HELD_MB * 1.2 },
  async run(tree) {
    const collect = garbageCollector();
    let most = 0;
    let answers = 0;
    // The handler measures the memory, because sources that do not withstand the attack do nothing else any more.
    const look = (): void => {
      collect();
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      if (most > 4000 * MB) throw new Error('more than 4000 MB');
    };
    const { port, close } = await listen(tree, () => {
      if (++answers % ANSWERS_A_LOOK === 0) look();
      return [new Uint8Array(REPLY_BYTES).fill(1)];
    });
    const requests = Buffer.concat(Array(1000).fill(Buffer.of(0, 0, 0, 1, 7)));
    const sockets = Array.from({ length: 40 }, () => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => {});
      socket.pause();
      const pour = (): void => {
        while (socket.writable && socket.write(requests));
      };
      socket.on('connect', pour);
      socket.on('drain', pour);
      return socket;
    });
    for (const until = performance.now() + ATTACK_MS; performance.now() < until; await delay(100)) look();
    for (const socket of sockets) socket.destroy();
    await close();
    return most / MB;
  },
};

/** V8's garbage collector, which a program can only call after it has set a flag. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

const recorder: Attack = {
  name: `listener: a host that sends ${FRAMES} frames, reads nothing and leaves`,
  unit: 'frames handled',
  bound: { atLeast: FRAMES },
  async run(tree) {
    const { spawn } = await import('node:child_process');
    const { port, handled, close } = await listen(tree, () => [new Uint8Array(100)]);
    const source = [
      'import socket, struct',
      `s = socket.create_connection(("127.0.0.1", ${port}))`,
      `frame = struct.pack(">I", ${FRAME_BYTES}) + bytes(${FRAME_BYTES})`,
      `for _ in range(${FRAMES}): s.sendall(frame)`,
      's.close()',
    ].join('\n');
    const python = process.env['BRIDGE_PYTHON'] ?? 'python3';
    const child = spawn(python, ['-c', source], { stdio: 'inherit' });
    await new Promise((resolve) => child.on('exit', resolve));
    for (let last = -1; last !== handled(); await delay(500)) last = handled();
    await close();
    return handled();
  },
};

export const listenerKept: readonly Attack[] = [unread, recorder];
