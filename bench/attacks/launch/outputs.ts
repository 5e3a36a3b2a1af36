// Another user who wants the outputs of models, as the first who connects to what they go through; or who only holds them.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Attack, Tree } from '../attack.ts';
import { freePort, launchesOf } from './launches.ts';

const THIEF = fileURLToPath(new URL('thief.mjs', import.meta.url));
const LAUNCHES = 60;
/** What a model has to write, or to die. */
const WRITING_MS = 30;
const OTHER = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--'];

async function harmed(tree: Tree, way: 'read' | 'mute'): Promise<number> {
  if (process.getuid?.() !== 0) throw new Error('this attack is by another user of the machine: run it as root');
  const thief = spawn('setpriv', [...OTHER, process.execPath, THIEF, way], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(thief, 'spawn').catch((cause: unknown) => {
    throw new Error('this attack takes setpriv, of util-linux', { cause });
  });
  await once(thief.stdout, 'data');
  const marks: string[] = [];
  const lost = new Set<string>();
  for (let i = 0; i < LAUNCHES; i++) {
    const mark = randomUUID();
    marks.push(mark);
    try {
      const launched = await launchesOf(tree, { port: await freePort(), mark, maxRestarts: 0 });
      await new Promise((resolve) => setTimeout(resolve, WRITING_MS));
      const isUp = launched.stats.replicas[0]?.state.phase === 'up';
      await launched.stop();
      if (!isUp || !launched.logs.tail(100).some(({ text }) => text === mark)) lost.add(mark);
    } catch {
      lost.add(mark);
    }
  }
  let stolen = '';
  thief.stdout.on('data', (chunk: Buffer) => {
    stolen += chunk;
  });
  thief.stdin.write('\n');
  await once(thief.stdout, 'end');
  return marks.filter((mark) => lost.has(mark) || stolen.includes(mark)).length;
}

const beside = (whom: string, way: 'read' | 'mute'): Attack => ({
  name: `launch: ${LAUNCHES} launches beside ${whom}`,
  unit: 'launches whose output was read by him, whose log was empty, or that died',
  bound: { atMost: 0 },
  run: (tree) => harmed(tree, way),
});

export const outputAttacks: readonly Attack[] = [
  beside('a thief of outputs', 'read'),
  beside('one who takes outputs and does not read them', 'mute'),
];
