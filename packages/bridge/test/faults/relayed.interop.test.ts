// Hosts are killed with SIGKILL in the middle of a call. The half message that they leave behind hurts a model that they call
// directly, which no host can prevent. A relay process between them keeps it from the model.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { connect } from '../../src/index.ts';
import { type FrameSpec, frame } from './frames.ts';
import { interleave } from './interleavings.ts';
import type { ModelProcess } from './model-process.ts';
import { serves } from './raw-client.ts';
import { type RelayProcess, startRelay } from './relay.ts';
import { onEachVariant, python } from './variants.ts';
import type { Phase } from './watched-carrier.ts';

const DOOMED = fileURLToPath(new URL('./doomed-host.ts', import.meta.url));

const LARGE = 6_000_000;
/** Each row has the moment in which a host is killed, its frame, and the effect on a model that it called directly. */
const DEATHS: readonly [phase: Phase | 'middle', what: string, spec: Omit<FrameSpec, 'id'>, model: Fate][] = [
  ['connected', 'before its first byte', {}, 'dies'],
  ['middle', 'in the middle of its message', { elements: LARGE }, 'spins'],
  ['sent', 'while the model works', { computeMs: 200 }, 'lives'],
  ['sent', 'while the model works on a large reply', { computeMs: 200, replyElements: LARGE }, 'dies'],
  ['reading', 'in the middle of the reply', { replyElements: LARGE }, 'dies'],
];
type Fate = 'lives' | 'dies' | 'spins';

/** Runs a host until it is killed. If the model must not read the message, its process is stopped meanwhile. */
async function doom(
  port: number,
  model: ModelProcess,
  phase: Phase | 'middle',
  spec: object,
  how: NodeJS.Signals | 'exit' = 'SIGKILL',
): Promise<void> {
  if (phase === 'middle') model.pause();
  const args = ['--conditions=@bridge/source', DOOMED, String(port), phase, JSON.stringify({ id: 1, ...spec }), how];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  expect(await once(child, 'exit')).toEqual(how === 'exit' ? [0, null] : [null, how]);
  model.resume();
}

/** Resolves with the state of the model that shows first. */
async function fate(model: ModelProcess): Promise<Fate> {
  const never = new Promise<never>(() => {});
  return await Promise.race([
    serves(model.port, { id: 2 }, 30_000)
      .then((served) => (served ? 'lives' : never))
      .catch(() => never),
    model.ended.then(() => 'dies' as const),
    model.spins().then((spins) => (spins ? 'spins' : never)),
  ]);
}

onEachVariant('hosts killed by force', (rows) => {
  test.each(DEATHS)('called directly, %s, %s', async (phase, _, spec, expected) => {
    const model = await rows.victim();
    await doom(model.port, model, phase, spec);
    expect(await fate(model)).toBe(expected);
  });

  test.each(['SIGINT', 'exit'] as const)(
    'called directly, %s in the middle of a message: the model spins, too',
    async (how) => {
      const model = await rows.victim();
      await doom(model.port, model, 'middle', { elements: LARGE }, how);
      expect(await fate(model)).toBe('spins');
    },
  );

  test('called directly: other hosts are told that the model is wedged', async () => {
    const model = await rows.victim();
    await doom(model.port, model, 'middle', { elements: LARGE });
    await using host = connect(model.target, { wedgedMs: 500 });
    await expect(host.call(frame({ id: 2 }))).rejects.toMatchObject({ code: 'BRIDGE_WEDGED', detail: { begun: true } });
  });

  let relay: RelayProcess | undefined;
  afterAll(() => relay?.[Symbol.asyncDispose]());

  test.each(DEATHS)('relayed, %s, %s: the model lives', async (phase, _, spec) => {
    const { survivor } = rows;
    relay ??= await startRelay(survivor);
    await doom(relay.port, survivor, phase, spec);
    await using host = connect(relay.target);
    expect((await host.call(frame({ id: 3 }))).get(0)).toBe(3);
  });

  test('relayed: hosts that do all things at random, killed at any moment', async () => {
    const report = await interleave({
      python,
      variant: rows.variant,
      seed: 5,
      operations: 80,
      hosts: 2,
      killsInTen: 6,
      relayed: startRelay,
    });
    expect(report).toMatchObject({ wrong: [], modelAlive: true });
    // With these options every second host is killed.
    expect(report.killed).toBeGreaterThan(0);
  });
});
