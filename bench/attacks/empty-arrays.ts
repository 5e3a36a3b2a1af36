// A reply of a hundred bytes declares a million million elements that have no bytes. The figure is the time of a loop over all of
// them.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Attack, Tree } from './attack.ts';

const REPLY = `\x93NUMPY\x01\x00v\x00${"{'descr': '|S0', 'fortran_order': False, 'shape': (1099511627776,), }".padEnd(117)}\n`;
const PATIENCE_MS = 5000;
/** The number of elements between two readings of the clock. */
const ROUND = 1_000_000;

async function looked(tree: Tree): Promise<number> {
  const { connect } = await tree.load('@bridge/bridge');
  const server = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(REPLY, 'latin1')));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const model = connect(`tcp://127.0.0.1:${port}`);
  const reply = await model.call([1]).catch((error: { readonly code?: string }) => {
    // To refuse such a reply is as good.
    if (error.code !== 'BRIDGE_BAD_REPLY') throw error;
    return undefined;
  });
  const start = performance.now();
  for (let i = 0; i < (reply?.size ?? 0) && performance.now() - start < PATIENCE_MS; i += ROUND)
    for (let j = i; j < i + ROUND; j++) reply?.get(j);
  const ms = performance.now() - start;
  await model.close();
  server.close();
  return ms;
}

export const emptyArrays: readonly Attack[] = [
  {
    name: 'reply: 2^40 elements without a byte, each of them looked at',
    unit: `ms, ${PATIENCE_MS} at most`,
    bound: { atMost: 100 },
    run: looked,
  },
];
