// A container is killed, and another user waits for the port that was published for it. The engine reports the death late, as a
// busy engine does, and until then the model's host does not know of it.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { baseImage } from '../../../scripts/machine/base-image.mjs';
import { dockerEngine } from '../../../scripts/setup/docker.mjs';
import type { Attack, Tree } from '../attack.ts';
import { needsRoot, scriptOfOther } from '../other-user.ts';

const TAKER = fileURLToPath(new URL('port-taker.mjs', import.meta.url));
const DEATHS = 3;
const KEEPS_MS = 3000;
const CALL_MS = 1000;
const PATIENCE_MS = 15_000;
/** A server that speaks the dialect `seed` and answers each message with the same message. */
const MODEL = `
import socket
server = socket.create_server(('0.0.0.0', 6000))
while True:
    connection, _ = server.accept()
    data = b''
    while len(data) < 10 or len(data) < 10 + int(data[:10]):
        more = connection.recv(65536)
        if not more: break
        data += more
    connection.sendall(data[10:])
`;

/** A proxy by which the engine looks like one on another machine, so that ports are published. */
interface Way extends AsyncDisposable {
  readonly host: string;
  /** Holds back everything that the engine sends from now on. */
  hold(): void;
  release(): void;
}

async function wayTo(path: string): Promise<Way> {
  const held: (() => void)[] = [];
  let holds = false;
  const server = createServer({ allowHalfOpen: true }, (near: Socket) => {
    const far = connect({ path, allowHalfOpen: true });
    const say = (word: () => void): void => {
      if (holds) held.push(word);
      else word();
    };
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy());
    near.pipe(far);
    far.on('data', (chunk) => say(() => near.write(chunk))).on('end', () => say(() => near.end()));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold() {
      holds = true;
    },
    release() {
      holds = false;
      for (const word of held.splice(0)) word();
    },
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

async function framesToAStranger(tree: Tree): Promise<number> {
  // This is checked before an engine is started for the attack.
  needsRoot();
  const engine = await dockerEngine();
  if ('missing' in engine) throw new Error(engine.missing);
  try {
    const base = await baseImage(engine);
    if ('missing' in base) throw new Error(base.missing);
    await using way = await wayTo(new URL(engine.host).pathname);
    const docker = (...args: string[]): string =>
      execFileSync(engine.docker, args, { env: { ...process.env, DOCKER_HOST: engine.host }, encoding: 'utf8' });
    process.env['DOCKER_HOST'] = way.host;
    const { launch } = await tree.load('@bridge/bridge/launch');
    const { array } = await tree.load('@bridge/npy');
    const launched = await launch({
      image: base.image,
      command: ['python3', '-uc', MODEL],
      port: 6000,
      lane: false,
      shared: false,
      maxRestarts: DEATHS,
    });
    const model = launched.connect();
    const frame = array(new Uint8Array(1000));
    let frames = 0;
    for (let i = 0; i < DEATHS; i++) {
      // The stranger resets connections when it leaves.
      await model.call(frame, { retry: 'idempotent', timeoutMs: PATIENCE_MS });
      const state = launched.stats.replicas[0]?.state;
      const id = state?.phase === 'up' ? (state.instance.split(' ')[1] ?? '') : '';
      const port = docker('port', id, '6000').trim().split(':').at(-1) ?? '';
      const taker = await scriptOfOther(TAKER, port, `${KEEPS_MS}`);
      const lines = createInterface(taker.stdout)[Symbol.asyncIterator]();
      await lines.next();
      way.hold();
      docker('kill', id);
      await lines.next();
      await model.call(frame, { timeoutMs: CALL_MS }).catch(() => {});
      frames += Number((await lines.next()).value);
      way.release();
    }
    await model.close({ timeoutMs: 1000 });
    await launched.stop();
    return frames;
  } finally {
    await engine.stop();
  }
}

export const publishedPortAttacks: readonly Attack[] = [
  {
    name: 'launch: a stranger at the published port of a container that was killed',
    unit: `connections that brought the stranger a frame, at ${DEATHS} deaths`,
    bound: { atMost: 0 },
    run: framesToAStranger,
  },
];
