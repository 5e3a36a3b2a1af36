// A model attacks the program that has launched it, by files in its lane's folder and by its frames on the lane.
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../packages/transport/test/support/free-port.ts';
import type { Attack, Tree } from '../attack.ts';

const MODEL = fileURLToPath(new URL('hostile-model.mjs', import.meta.url));
const SECRET = 'the only line of a file that this model may not read';
const SETTLING_MS = 1500;

/** The costs for the host of launching the model and calling it once. */
interface Cost {
  /** The longest time in which the event loop stood still. */
  readonly heldMs: number;
  /** The peak of the memory without the memory in use before. */
  readonly tookMB: number;
  /** The number of bytes of the secret in the launch's log. */
  readonly readBytes: number;
}

async function cost(tree: Tree, way: string): Promise<Cost> {
  const { launch } = await tree.load('@bridge/bridge/launch');
  const { array } = await tree.load('@bridge/npy');
  const secret = join(tmpdir(), `npbridge-secret-${process.pid}`);
  writeFileSync(secret, SECRET, { mode: 0o600 });
  const port = await freePort();
  const before = process.memoryUsage().rss;
  let most = before;
  const sample = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 5);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let text = '';
  try {
    delay.enable();
    const launched = await launch({
      command: [process.execPath, MODEL, way, secret],
      port,
      maxRestarts: 0,
      logBytes: 2 ** 29,
    });
    const model = launched.connect();
    const frame = array(new Uint8Array(300_000));
    await model.call(frame, { timeoutMs: 15_000 }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
    most = Math.max(most, process.memoryUsage().rss);
    text = launched.logs
      .tail(100)
      .map((line) => line.text)
      .join('\n');
    await model.close({ timeoutMs: 1000 });
    await launched.stop();
  } finally {
    delay.disable();
    clearInterval(sample);
    rmSync(secret, { force: true });
  }
  return {
    heldMs: delay.max / 1e6,
    tookMB: (most - before) / 1e6,
    readBytes: text.includes(SECRET) ? SECRET.length : 0,
  };
}

const held = (name: string, way: string): Attack => ({
  name,
  unit: 'ms that the host stood still',
  bound: { atMost: 100 },
  run: async (tree) => (await cost(tree, way)).heldMs,
});
const took = (name: string, way: string): Attack => ({
  name,
  unit: 'MB that the host took',
  bound: { atMost: 100 },
  run: async (tree) => (await cost(tree, way)).tookMB,
});

export const laneAttacks: readonly Attack[] = [
  {
    name: "lane: a link to a secret in the model's folder",
    unit: 'bytes of the secret that were read',
    bound: { atMost: 0 },
    run: async (tree) => (await cost(tree, 'note-link')).readBytes,
  },
  held("lane: a pipe in the model's folder", 'note-pipe'),
  took("lane: 200 MB of text in the model's folder", 'note-large'),
  held('lane: a pipe in place of a reply in memory', 'reply-pipe'),
  took('lane: last words of 2^50 bytes, 600 MB of them sent', 'text'),
  held('lane: a reply of a million crumbs', 'crumbs'),
];
