// A model answers one message at a byte a second. The figure is the time that another caller waits for its turn.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Attack, Tree } from '../attack.ts';

const PATIENCE_MS = 60_000;

async function secondsBehindADrip(tree: Tree): Promise<number> {
  const { connect } = await tree.load('@bridge/bridge');
  const { encode } = await tree.load('@bridge/npy');
  const reply = encode(new Uint8Array(100_000));
  let taken = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      if (taken++ > 0) {
        socket.write(reply);
        return;
      }
      let sent = 0;
      const drop = setInterval(() => socket.write(reply.subarray(sent, ++sent)), 1000);
      socket.on('close', () => clearInterval(drop));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const target = `tcp://127.0.0.1:${(server.address() as { port: number }).port}`;
  void connect(target)
    .call([1])
    .catch(() => {});
  while (taken === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const start = performance.now();
  await connect(target)
    .call([2], { timeoutMs: PATIENCE_MS })
    .catch(() => {});
  return (performance.now() - start) / 1000;
}

export const dripping: readonly Attack[] = [
  {
    name: 'turns: a reply of a byte a second in front of another caller',
    unit: `seconds until the caller is answered, ${PATIENCE_MS / 1000} at most`,
    bound: { atMost: 30 },
    run: secondsBehindADrip,
  },
];
