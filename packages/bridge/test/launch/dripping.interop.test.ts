// Models in plain processes send replies a few bytes at a time: by the lane, by a declined lane, by a port and by a Unix socket.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { type Launched, type LaunchSpec, launch } from '../../src/launch/index.ts';
import { connect } from '../../src/model/connect.ts';
import { pythons } from '../pythons.ts';
import { DRIPPING, LIMITS, passesBy, WAYS } from './dripping.ts';
import { says } from './launching.ts';

const python = pythons[0]?.[1] ?? '';
const socket = join(tmpdir(), `npbridge-dripping-${process.pid}.sock`);

async function dripping(spec: Partial<LaunchSpec>, place?: string): Promise<Launched> {
  const port = place ?? (await freePort());
  const launched = await launch({
    command: [python, DRIPPING, String(port)],
    port,
    limits: LIMITS,
    ...spec,
  } as LaunchSpec);
  onTestFinished(() => launched.stop());
  return launched;
}

const ROADS: readonly (readonly [road: string, spec: Partial<LaunchSpec>, place: string | undefined])[] = [
  ['its lane', {}, undefined],
  ['its lane, which it declines', { env: { FILE_LIKE: 'yes' } }, undefined],
  ['its port', { lane: false }, undefined],
  ['its Unix socket', {}, socket],
];

test.skipIf(python === '').each(ROADS.flatMap((road) => WAYS.map((way) => [...way, ...road] as const)))(
  'a reply that drips (%s) is given up, and who waits behind it is answered: %o %s',
  async (way, outcome, _, spec, place) => {
    await passesBy(await dripping(spec, place), way, outcome);
  },
);

test.skipIf(python === '')('bytes that drip behind a whole reply, by the lane, delay no other call', async () => {
  const launched = await dripping({});
  await using model = launched.connect();
  expect((await model.call(says('behind'))).size).toBe(6);
  // The host gives the lane up, and the model may have seen this message by then.
  expect((await model.call([2], { retry: 'idempotent' })).get(0)).toBe(2);
  expect(launched.stats.replicas[0]).toMatchObject({ restarts: 1, faults: { drip: 1 } });
});

test.skipIf(python === '')(
  'a model whose reply drips by its lane is restarted, and its caller is told why',
  async () => {
    const launched = await dripping({ name: 'dripping' });
    await using model = launched.connect();
    const error = await model.call(says('drip')).catch((reason: Error) => reason);
    expect(String(error)).toMatch(
      /^TransportError: the model at unix:\S+: the reply arrives too slowly: \d+ bytes of it have arrived/,
    );
    await expect.poll(() => launched.stats.replicas[0]?.restarts).toBe(1);
    const note = launched.logs.tail(100).find(({ text }) => /sent its reply too slowly/.test(text));
    expect(note?.text).toMatch(
      /^process \d+ sent its reply too slowly, and was given up after \d+ bytes of it; it restarts/,
    );
  },
);

test.skipIf(python === '')(
  'a launch has the limits of connect: the same reply is waited for where they allow it',
  async () => {
    for (const lane of [true, false]) {
      const patient = await dripping({ lane, limits: { stallMs: 1000, stallBytes: 1 } });
      await using model = patient.connect();
      const outcome = await model.call(says('drip'), { timeoutMs: 2500 }).catch((reason: { code: string }) => reason);
      expect(outcome).toMatchObject({ code: 'BRIDGE_TIMEOUT' });
      await model.close({ timeoutMs: 0 });
    }
  },
);

test.skipIf(python === '')('a caller that gives up takes nothing from the pace', async () => {
  for (const lane of [true, false]) {
    const launched = await dripping({ lane });
    await using model = launched.connect();
    await expect(model.call(says('drip'), { timeoutMs: 50 })).rejects.toMatchObject({ code: 'BRIDGE_TIMEOUT' });
    expect((await model.call([7])).get(0)).toBe(7);
  }
});

test.skipIf(python === '')('a program of its own, by its port: the same', async () => {
  const launched = await dripping({ lane: false });
  const state = launched.stats.replicas[0]?.state;
  expect(state?.phase).toBe('up');
  const port = /port (\d+)|:(\d+)/.exec(
    launched.logs
      .tail(100)
      .map(({ text }) => text)
      .join('\n'),
  );
  await using model = connect(`tcp://127.0.0.1:${port?.[1] ?? port?.[2]}`, { limits: LIMITS });
  const first = model.call(says('drip')).catch((error: unknown) => error);
  expect((await model.call([2])).get(0)).toBe(2);
  expect(await first).toMatchObject({ code: 'TRANSPORT_TOO_SLOW' });
});
