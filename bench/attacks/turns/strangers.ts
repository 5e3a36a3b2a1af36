// Another user of the machine takes the names by which turns might be taken, or connects to them and sends nothing. The attack has
// to run as root.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Attack, Tree } from '../attack.ts';
import { scriptOfOther } from '../other-user.ts';

const STRANGER = fileURLToPath(new URL('stranger.mjs', import.meta.url));
const CALLS = 10;
const CALL_MS = 3000;
const MEASURE_MS = 5000;

async function stranger(...args: string[]): Promise<ChildProcess> {
  const child = await scriptOfOther(STRANGER, ...args);
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the stranger ended with ${code}`))),
  ]);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Returns the share of calls to a healthy model that are answered while another user has the names. */
async function answeredUnderHold(tree: Tree): Promise<number> {
  const { connect, serve } = await tree.load('@bridge/bridge');
  const server = await serve('tcp://127.0.0.1:0', (input) => input);
  const holder = await stranger('hold', new URL(server.address).port);
  const model = connect(server.address);
  let answered = 0;
  for (let i = 0; i < CALLS; i++) {
    await model.call([i], { timeoutMs: CALL_MS }).then(
      () => answered++,
      () => {},
    );
  }
  await end(holder);
  return answered / CALLS;
}

/** Returns the calls a second of two model objects that take turns, beside `many` silent waiters, divided by those without them. */
async function leftUnderWaiters(tree: Tree, many: number): Promise<number> {
  const { connect, serve } = await tree.load('@bridge/bridge');
  const server = await serve('tcp://127.0.0.1:0', (input) => input);
  const models = [connect(server.address), connect(server.address)];
  const measure = async (): Promise<number> => {
    const until = performance.now() + MEASURE_MS;
    let answered = 0;
    const call = async (model: (typeof models)[number]): Promise<void> => {
      while (performance.now() < until) {
        await model.call([1], { timeoutMs: Math.max(1, until - performance.now()) }).then(
          () => answered++,
          () => new Promise((resolve) => setTimeout(resolve, 1)),
        );
      }
    };
    await Promise.all(models.map(call));
    return answered;
  };
  const alone = await measure();
  // The stranger connects while calls are made, because only then does a name exist.
  const coming = stranger('wait', new URL(server.address).port, String(many));
  await measure();
  const waiting = await coming;
  const left = await measure();
  await end(waiting);
  return left / alone;
}

const waiters = (many: number): Attack => ({
  name: `turns: ${many} waiters of another user who say nothing`,
  unit: 'calls a second, by those without them',
  bound: { atLeast: 0.5 },
  run: (tree) => leftUnderWaiters(tree, many),
});

export const turnStrangers: readonly Attack[] = [
  {
    name: 'turns: names bound by another user',
    unit: 'share of calls answered',
    bound: { atLeast: 1 },
    run: answeredUnderHold,
  },
  waiters(2000),
  waiters(5000),
];
