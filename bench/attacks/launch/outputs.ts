// Another user tries to be the first who connects to the sockets to which models write, to read the output or only to block it.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Launched } from '@bridge/bridge/launch';
import { freePort } from '../../../packages/transport/test/support/free-port.ts';
import type { Attack, Tree } from '../attack.ts';
import { scriptOfOther } from '../other-user.ts';
import { launchesOf } from './launches.ts';

const THIEF = fileURLToPath(new URL('thief.mjs', import.meta.url));
const LAUNCHES = 60;
/** A model has to write its first line within this time. It writes a line every 2 ms, which a busy machine may delay. */
const WRITING_MS = 5_000;

/** The harm to one launch, in words. Undefined if there was none. */
type Harm = string | undefined;

async function harmOf(tree: Tree, mark: string): Promise<Harm> {
  try {
    const launched = await launchesOf(tree, { port: await freePort(), mark, maxRestarts: 0 });
    const hasLine = await firstLine(launched, mark);
    const { phase } = launched.stats.replicas[0]?.state ?? {};
    await launched.stop();
    if (phase !== 'up') return `it is ${phase} in place of up: ${shown(launched)}`;
    return hasLine ? undefined : `nothing of it came within ${WRITING_MS} ms: ${shown(launched)}`;
  } catch (error) {
    return String(error);
  }
}

async function firstLine({ logs }: Launched, mark: string): Promise<boolean> {
  const until = performance.now() + WRITING_MS;
  while (performance.now() < until) {
    if (logs.tail(100).some(({ text }) => text === mark)) return true;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return false;
}

const shown = ({ logs }: Launched): string =>
  logs
    .tail(5)
    .map(({ text }) => text)
    .join(' | ');

async function harmed(tree: Tree, way: 'read' | 'mute'): Promise<number> {
  const thief = await scriptOfOther(THIEF, way);
  await once(thief.stdout, 'data');
  const harms = new Map<string, Harm>();
  for (let i = 0; i < LAUNCHES; i++) {
    const mark = randomUUID();
    harms.set(mark, await harmOf(tree, mark));
  }
  let stolen = '';
  thief.stdout.on('data', (chunk: Buffer) => {
    stolen += chunk;
  });
  thief.stdin.write('\n');
  await once(thief.stdout, 'end');
  for (const mark of harms.keys()) if (stolen.includes(mark)) harms.set(mark, 'its output was read by another user');
  const told = [...harms.values()].filter((harm) => harm !== undefined);
  for (const harm of told) console.error(`  ${harm}`);
  return told.length;
}

const beside = (whom: string, way: 'read' | 'mute'): Attack => ({
  name: `launch: ${LAUNCHES} launches beside ${whom}`,
  unit: 'launches whose output that user read, whose log was empty, or that died',
  bound: { atMost: 0 },
  run: (tree) => harmed(tree, way),
});

export const outputAttacks: readonly Attack[] = [
  beside('a thief of outputs', 'read'),
  beside('one who takes outputs and does not read them', 'mute'),
];
