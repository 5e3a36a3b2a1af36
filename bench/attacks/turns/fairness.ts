// Hosts call a model that takes 50 ms a frame without a pause. The figure tells whether one of them is served less than the others.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startModel } from '../../model/model-process.ts';
import type { Attack, Tree } from '../attack.ts';

const HOST = fileURLToPath(new URL('fair-host.mjs', import.meta.url));
const MODEL_MS = 50;
const SECONDS = 12;

interface Shape {
  readonly processes: number;
  /** The number of model objects of each host. */
  readonly models: number;
  /** True if one relay stands between the hosts and the model. */
  readonly relayed?: boolean;
}

async function leastServed(tree: Tree, { processes, models, relayed = false }: Shape): Promise<number> {
  const python = process.env['BRIDGE_PYTHON'];
  if (!python) throw new Error('BRIDGE_PYTHON must name a Python with NumPy');
  await using model = await startModel(python, MODEL_MS);
  const direct = `tcp://127.0.0.1:${model.port}`;
  const { relay } = await tree.load('@bridge/bridge');
  const relaying = relayed ? await relay('tcp://127.0.0.1:0', direct, { onError: () => {} }) : undefined;
  const target = relaying?.address ?? direct;
  const hosts = await Promise.all(
    Array.from({ length: processes }, async () => {
      const args = [...process.execArgv, HOST, tree.root, target, String(models), String(SECONDS)];
      const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      await lines.next();
      return { child, lines };
    }),
  );
  for (const { child } of hosts) child.stdin.write('go\n');
  const answers = await Promise.all(hosts.map(async ({ lines }) => JSON.parse((await lines.next()).value) as number[]));
  await relaying?.close();
  return Math.min(...answers.flat()) / Math.max(...answers.flat());
}

function attack(name: string, shape: Shape): Attack {
  const bound = { atLeast: 0.7 };
  const unit = 'least served by most served';
  return { name: `turns: ${name}`, unit, bound, run: (tree) => leastServed(tree, shape) };
}

export const fairness: readonly Attack[] = [
  attack('three processes on a model of 50 ms', { processes: 3, models: 1 }),
  attack('four processes on a model of 50 ms', { processes: 4, models: 1 }),
  attack('eight processes on a model of 50 ms', { processes: 8, models: 1 }),
  attack('three model objects of one process', { processes: 1, models: 3 }),
  attack('three hosts behind one relay', { processes: 3, models: 1, relayed: true }),
];
