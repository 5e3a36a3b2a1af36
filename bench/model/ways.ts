// The ways to a model in a container, each compared with the container's own address. Each side has a container of its own.

import { freePort } from '../../packages/transport/test/support/free-port.ts';
import type { Comparison } from '../comparison.ts';
import { type Container, imageOf, startContainer } from './containers.ts';
import { FRAMES, type Frame, turnOf } from './frames.ts';
import { containerHost, type Host, inOrder, ourHost } from './hosts.ts';

const PORT = 6000;
const RELAY_PORT = 6001;

/** Makes a host and the containers behind it, in the order in which they are to be disposed. */
type Way = (frame: Frame, name: string) => Promise<readonly [Host, ...AsyncDisposable[]]>;

const ownAddress: Way = async (frame, name) => {
  const model = await startContainer('model', { port: PORT });
  return [ourHost(`tcp://${model.address}:${PORT}`, frame, 1, { name }), model];
};

const WAYS: Readonly<Record<string, Way>> = {
  lane: async (frame, name) => [containerHost(await imageOf('model'), 'lane', frame, name)],

  'published on loopback': async (frame, name) => {
    const model = await startContainer('model', { port: PORT, options: ['--publish', `127.0.0.1::${PORT}`] });
    return [ourHost(`tcp://127.0.0.1:${model.publishedPort}`, frame, 1, { name }), model];
  },

  "the host's network": async (frame, name) => {
    const port = await freePort();
    const options = ['--network', 'host', '--env', 'MODEL_HOST=127.0.0.1'];
    const command = ['python3', '/model/ml_model.py', String(port), '0'];
    const model = await startContainer('model', { port, options, command });
    return [ourHost(`tcp://127.0.0.1:${port}`, frame, 1, { name }), model];
  },

  'relay beside it': async (frame, name) => {
    const [relay, model] = await besideRelay([]);
    return [ourHost(`tcp://${relay.address}:${RELAY_PORT}`, frame, 1, { name }), model, relay];
  },

  'relay, published as deploy/ does': async (frame, name) => {
    const [relay, model] = await besideRelay(['--publish', `127.0.0.1::${RELAY_PORT}`]);
    return [ourHost(`tcp://127.0.0.1:${relay.publishedPort}`, frame, 1, { name }), model, relay];
  },

  'kept exec': async (frame, name) => [containerHost(await imageOf('model'), 'exec', frame, name)],
};

/** Starts a relay, and a model in the relay's network that listens on its localhost, as deploy/compose.yaml does. */
async function besideRelay(options: readonly string[]): Promise<[relay: Container, model: Container]> {
  const relay = await startContainer('relay', { port: RELAY_PORT, options });
  try {
    const joined = ['--network', `container:${relay.name}`, '--env', 'MODEL_HOST=localhost'];
    return [relay, await startContainer('model', { port: PORT, options: joined })];
  } catch (error) {
    await relay[Symbol.asyncDispose]();
    throw error;
  }
}

export const ways: readonly Comparison[] = ([FRAMES.vga, FRAMES.hd] satisfies Frame[]).flatMap((frame: Frame) =>
  Object.entries(WAYS).map(
    ([name, way]): Comparison => ({
      name: `container, ${frame.name}, 1 in flight, ${name}, to its own address`,
      turn: turnOf(frame, 0),
      async prepare() {
        const [theirs, ...behindTheirs] = await ownAddress(frame, 'own address');
        const end = (): Promise<void> => inOrder(theirs, ...behindTheirs);
        try {
          const [ours, ...behindOurs] = await way(frame, name);
          return { ours, theirs: [theirs], [Symbol.asyncDispose]: () => inOrder(ours, ...behindOurs).finally(end) };
        } catch (error) {
          await end();
          throw error;
        }
      },
    }),
  ),
);
