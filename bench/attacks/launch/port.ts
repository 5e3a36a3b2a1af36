// Another program waits for a model's port and takes it between the model's death and its restart.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../packages/transport/test/support/free-port.ts';
import type { Attack, Tree } from '../attack.ts';
import { launchesOf } from './launches.ts';

const TAKER = fileURLToPath(new URL('port-taker.mjs', import.meta.url));
const DEATHS = 5;
/** Five starts in a row take less than this time. */
const KEEPS_MS = 4000;
const PATIENCE_MS = 15_000;

interface Outcome {
  /** The number of connections on which the stranger received bytes. */
  frames: number;
  /** The number of calls that were not answered although the stranger had left. */
  lost: number;
}

async function takenPorts(tree: Tree): Promise<Outcome> {
  const all = { frames: 0, lost: 0 };
  for (let i = 0; i < DEATHS; i++) {
    const { frames, lost } = await takenPort(tree);
    all.frames += frames;
    all.lost += lost;
  }
  return all;
}

async function takenPort(tree: Tree): Promise<Outcome> {
  const port = await freePort();
  const launched = await launchesOf(tree, { port, mark: 'model', maxRestarts: 5 });
  const { array } = await tree.load('@bridge/npy');
  const model = launched.connect();
  const frame = array(new Uint8Array(100));
  await model.call(frame);
  const taker = spawn(process.execPath, [TAKER, `${port}`, `${KEEPS_MS}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(taker.stdout)[Symbol.asyncIterator]();
  await lines.next();
  const state = launched.stats.replicas[0]?.state;
  if (state?.phase !== 'up' || state.pid === undefined) throw new Error('the model is not up');
  const listener = listenerOn(port);
  process.kill(state.pid, 'SIGKILL');
  // This host only notices the death when the stranger has the port, as may happen to a busy host.
  untilAnother(port, listener);
  const call = model.call(frame, { timeoutMs: PATIENCE_MS }).then(
    () => 0,
    () => 1,
  );
  await lines.next();
  const frames = Number((await lines.next()).value);
  const lost = await model.call(frame, { timeoutMs: PATIENCE_MS }).then(
    () => 0,
    () => 1,
  );
  await call;
  await model.close({ timeoutMs: 1000 });
  await launched.stop();
  return { frames, lost };
}

/** Returns the inode of the socket that listens on a port. */
function listenerOn(port: number): string | undefined {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/self/net/tcp', 'latin1').split('\n');
  const row = rows
    .map((each) => each.trim().split(/ +/))
    .find(([, local, , state]) => local?.endsWith(end) && state === '0A');
  return row?.[9];
}

/** Blocks this process until another socket listens there. */
function untilAnother(port: number, socket: string | undefined): void {
  const until = performance.now() + 2000;
  while (performance.now() < until) {
    const now = listenerOn(port);
    if (now !== undefined && now !== socket) return;
  }
}

export const portAttacks: readonly Attack[] = [
  {
    name: "launch: a stranger at a model's port, between its death and its restart",
    unit: `connections that brought the stranger a frame, at ${DEATHS} deaths`,
    bound: { atMost: 0 },
    run: async (tree) => (await takenPorts(tree)).frames,
  },
  {
    name: "launch: a stranger who keeps a model's port for four seconds",
    unit: `launches of ${DEATHS} that do not answer behind that`,
    bound: { atMost: 0 },
    run: async (tree) => (await takenPorts(tree)).lost,
  },
];
