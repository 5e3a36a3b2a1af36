// Recorders are hosts that send frames as fast as they can, read nothing and close, like numpysocket's client for OpenCV. Frames
// that a host has handed to its system before it closes have to arrive, with this package at either end.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Attack, Tree } from './attack.ts';

const FRAMES = 500;
const ELEMENTS = 20_000;
/** The listener's system holds this many small frames at once: they have been received, whatever follows on the connection. */
const SMALL_FRAMES = 50;
/** The handler takes this long for each, so that the host has gone before most of them are answered. */
const WORK_MS = 5;
const PATIENCE_MS = 20_000;

/** Waits until no frame has come for a second. Returns how many of the frames are missing. */
async function lost(frames: number, seen: () => number): Promise<number> {
  const until = performance.now() + PATIENCE_MS;
  for (let before = -1; seen() !== before && performance.now() < until; ) {
    before = seen();
    await delay(1000);
  }
  return frames - seen();
}

/** Runs a host against `serve`: it sends frames, reads nothing, and closes with unread replies, which resets the connection. */
async function recorded(tree: Tree, frames: number, elements: number, answer: 'echo' | 'nothing'): Promise<number> {
  const { dialects, serve } = await tree.load('@bridge/bridge');
  const { encode } = await tree.load('@bridge/npy');
  let seen = 0;
  const { address } = await serve(
    'tcp://127.0.0.1:0',
    { dialect: dialects.numpysocket, onError: () => {} },
    async (input) => {
      seen++;
      if (answer === 'echo') await delay(WORK_MS);
      // In older sources an empty answer was an error, and ended the connection.
      return answer === 'echo' ? input : (undefined as never);
    },
  );
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(address).port) }).pause();
  socket.on('error', () => {});
  for (let n = 0; n < frames && !socket.destroyed; n++) {
    const parts = dialects.numpysocket.request.encode([encode(new Float32Array(elements).fill(n))]);
    if (!socket.write(Buffer.concat(parts))) await once(socket, 'drain').catch(() => {});
  }
  socket.end(() => socket.destroy());
  return await lost(frames, () => seen);
}

async function called(tree: Tree): Promise<number> {
  const { connect: model } = await tree.load('@bridge/bridge');
  const { noReply, uintLength } = await tree.load('@bridge/transport');
  const four = uintLength({ bytes: 4 });
  let seen = 0;
  const server = createServer((socket) => {
    const decoder = four.decoder();
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      // The server answers all the same, and nobody reads the answers.
      for (let message = decoder.push(chunk); message; message = decoder.push()) socket.write(`seen ${++seen}`);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const recorder = model(`tcp://127.0.0.1:${port}`, {
    dialect: { request: four, reply: noReply(), connection: 'persistent' },
  });
  for (let n = 0; n < FRAMES; n++) await recorder.call(new Float32Array(ELEMENTS).fill(n));
  await recorder.close();
  return await lost(FRAMES, () => seen);
}

export const recorders: readonly Attack[] = [
  {
    name: 'listener: a recorder of small frames that reads no reply and resets',
    unit: `frames lost of ${SMALL_FRAMES}`,
    bound: { atMost: 0 },
    run: (tree) => recorded(tree, SMALL_FRAMES, 100, 'echo'),
  },
  {
    name: 'listener: a recorder at full speed, whose handler answers nothing',
    unit: `frames lost of ${FRAMES}`,
    bound: { atMost: 0 },
    run: (tree) => recorded(tree, FRAMES, ELEMENTS, 'nothing'),
  },
  {
    name: 'caller: calls without a reply at full speed, closed behind the last',
    unit: `frames lost of ${FRAMES}`,
    bound: { atMost: 0 },
    run: called,
  },
];
