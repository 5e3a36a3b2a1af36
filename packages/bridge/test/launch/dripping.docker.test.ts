// Models in containers send replies a few bytes at a time: by the lane, through docker exec, from the container's own address and
// by a published port.
import { expect, onTestFinished, test } from 'vitest';
import { type LaunchSpec, launch } from '../../src/launch/index.ts';
import { hasEngine, image, runtime } from './containers.ts';
import { DRIPPING, LIMITS, passesBy, WAYS } from './dripping.ts';
import { engineProxy } from './engine-proxy.ts';

const ROADS: readonly (readonly [road: string, spec: Partial<LaunchSpec> & { bound?: string }, said: RegExp])[] = [
  ['its lane', {}, /by a lane/],
  ['docker exec', { lane: false, bound: '127.0.0.1' }, /by docker exec/],
  ["the container's own address", { lane: false }, /the container's own address/],
  ['a published port', { lane: false }, /published on loopback/],
];

test.skipIf(!hasEngine).each(ROADS.flatMap((road) => WAYS.map((way) => [...way, ...road] as const)))(
  'a reply that drips (%s) is given up, and who waits behind it is answered: %o, by %s',
  async (way, outcome, road, { bound = '0.0.0.0', ...spec }, said) => {
    const proxied = road === 'a published port' ? (await engineProxy('tcp')).env : undefined;
    const launched = await launch({
      image,
      command: ['python3', '/model/dripping.py', '6000', bound],
      mounts: [{ source: DRIPPING, target: '/model/dripping.py' }],
      port: 6000,
      limits: LIMITS,
      runtime: await runtime(proxied),
      ...spec,
    } as LaunchSpec);
    onTestFinished(() => launched.stop());
    expect(
      launched.logs
        .tail(100)
        .map(({ text }) => text)
        .join('\n'),
    ).toMatch(said);
    await passesBy(launched, way, outcome);
  },
);
