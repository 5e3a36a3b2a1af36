// Two host processes share one model on one machine: together they keep the guard's rules, each gets its share, and one goes on if
// the other is killed. The model is a server that counts its open connections.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { encode } from '@bridge/npy';
import { expect, onTestFinished, test } from 'vitest';
import { connect, serve } from '../../src/index.ts';

const HOST = fileURLToPath(new URL('./host.mjs', import.meta.url));

/**
 * Starts a server that answers one message on each connection with the same array, one connection at a time, and counts the
 * connections that wait for their reply at the same time.
 */
async function countingModel(answerMs = 1): Promise<{ target: string; most(): number; answered(): number }> {
  const requestBytes = 10 + encode(Float64Array.of(1)).length;
  const waiting: Socket[] = [];
  let open = 0;
  let most = 0;
  let answered = 0;
  let busy = false;
  const next = (): void => {
    const socket = busy ? undefined : waiting.shift();
    if (!socket) return;
    busy = true;
    const chunks: Buffer[] = [];
    let received = 0;
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      received += chunk.length;
      if (received < requestBytes) return;
      setTimeout(() => {
        answered++;
        open--;
        socket.write(Buffer.concat(chunks).subarray(10));
      }, answerMs);
    });
    socket.on('close', () => {
      busy = false;
      next();
    });
  };
  const server = createServer((socket) => {
    most = Math.max(most, ++open);
    socket.on('error', () => {});
    socket.on('end', () => socket.destroy());
    waiting.push(socket);
    next();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return { target: `tcp://127.0.0.1:${port}`, most: () => most, answered: () => answered };
}

function host(
  target: string,
  ...args: (string | number)[]
): { child: ChildProcess; lines: string[]; first: Promise<unknown> } {
  const child = spawn(process.execPath, ['--conditions=@bridge/source', HOST, target, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  return { child, lines, first: once(reader, 'line') };
}

test.each([
  [1, 1],
  [2, 2],
])(
  'two processes, in flight %i: no more than %i connections at once, and each process gets its share',
  async (inFlight, most) => {
    const model = await countingModel();
    const hosts = [host(model.target, 0, inFlight, 150), host(model.target, 1e6, inFlight, 150)];
    await Promise.all(hosts.map(({ child }) => once(child, 'close')));
    for (const { lines } of hosts) {
      expect(lines).toHaveLength(150);
      for (const line of lines) expect(line.split(' ')[0]).toBe(line.split(' ')[1]);
    }
    expect(model.most()).toBe(most);
  },
);

test('neither starves while both are busy', async () => {
  const model = await countingModel();
  const [a, b] = [host(model.target, 0), host(model.target, 1e6)];
  await Promise.all([a.first, b.first]);
  const before = [a.lines.length, b.lines.length];
  const gained = (): number[] => [a, b].map(({ lines }, i) => lines.length - (before[i] ?? 0));
  await expect.poll(() => Math.min(...gained())).toBeGreaterThan(100);
});

test('a process killed by force while it holds the turn: the others go on', async () => {
  const model = await countingModel();
  for (let i = 0; i < 5; i++) {
    const killed = host(model.target, 0);
    await killed.first;
    await using mine = connect(model.target);
    const calls = Array.from({ length: 20 }, (_, at) => mine.call(Float64Array.of(at)));
    await calls[0];
    killed.child.kill('SIGKILL');
    const replies = await Promise.all(calls);
    expect(replies.map((reply) => reply.get(0))).toEqual(Array.from({ length: 20 }, (_, at) => at));
  }
});

test('two models in one process follow the same rules', async () => {
  const model = await countingModel();
  await using a = connect(model.target);
  await using b = connect(model.target.replace('127.0.0.1', 'localhost'));
  await Promise.all(Array.from({ length: 60 }, (_, i) => (i % 2 ? a : b).call(Float64Array.of(i))));
  expect(model.most()).toBe(1);
});

/** Starts a server that answers each message with the same array. The first one has to wait for `answer`. */
async function lateModel(): Promise<{ target: string; asked: Promise<void>; answer: () => void }> {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const server = await serve('tcp://127.0.0.1:0', async (input) => {
    asked.resolve();
    await answer.promise;
    return input;
  });
  onTestFinished(() => server.close());
  return { target: server.address, asked: asked.promise, answer: answer.resolve };
}

test.skipIf(process.platform !== 'linux')(
  'a host that stands still and keeps the turn: calls are told which process it is, and the model is not blamed',
  async () => {
    const { target, asked, answer } = await lateModel();
    const other = host(target, 0);
    await asked;
    // The process has the turn, because the model has its message.
    other.child.kill('SIGSTOP');
    await expect.poll(() => readFileSync(`/proc/${other.child.pid}/stat`, 'utf8')).toMatch(/\) T /);
    answer();
    await using mine = connect(target, { wedgedMs: 1000 });
    const error = await mine.call([1]).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'BRIDGE_TURN', fault: 'environment', detail: { holder: other.child.pid } });
    expect(String(error)).toContain(`process ${other.child.pid} has had the turn`);
    // A busy machine may need longer to ask who has the turn.
    let timeoutMs = 25;
    const late = (): Promise<unknown> => {
      timeoutMs *= 2;
      return mine.call([1], { timeoutMs }).catch((reason: unknown) => reason);
    };
    const message = expect.stringContaining(`process ${other.child.pid} has the turn`);
    await expect.poll(late).toMatchObject({ code: 'BRIDGE_TIMEOUT', detail: { begun: false }, message });
    other.child.kill('SIGCONT');
    expect((await mine.call([1])).shape).toEqual([1]);
  },
);

test('a turn that another model object of the same program holds is reported as such', async () => {
  const server = await serve('tcp://127.0.0.1:0', { limits: { closeMs: 1 } }, () => new Promise<never>(() => {}));
  onTestFinished(() => server.close());
  const busy = connect(server.address);
  const other = connect(server.address, { wedgedMs: 200 });
  busy.call([1]).catch(() => {});
  await expect.poll(() => busy.stats.inFlight).toBe(1);
  const error = await other.call([2]).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'BRIDGE_TURN', detail: { holder: process.pid } });
  expect((error as Error).message).toContain('another model object of this program');
  await Promise.all([busy.close({ timeoutMs: 0 }), other.close()]);
});

test.each([
  [4, 1, 1],
  [1, 3, 1],
  [4, 1, 2],
])(
  '%i processes with %i models each, in flight %i, on a model that takes its time: each is served again and again',
  async (processes, models, inFlight) => {
    const model = await countingModel(20);
    const hosts = Array.from({ length: processes }, (_, i) => host(model.target, 1e6 * i, inFlight, 1e9, models));
    await Promise.all(hosts.map(({ first }) => first));
    const counts = (): number[] => {
      const lines = hosts.flatMap((each) => each.lines.map((line) => `${each.child.pid} ${line.split(' ')[2]}`));
      const keys = [...new Set(lines)].sort();
      return keys.map((key) => lines.filter((line) => line === key).length);
    };
    await expect.poll(() => counts().length).toBe(processes * models);
    const before = counts();
    const gained = (): number[] => counts().map((count, i) => count - (before[i] ?? 0));
    await expect.poll(() => Math.min(...gained())).toBeGreaterThanOrEqual(20);
  },
);

test('a reply that drips costs its caller an error, and not all others the turn', async () => {
  let answered = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    const whole = encode(Float64Array.of(1));
    socket.once('data', () => {
      if (answered++ > 0) {
        socket.end(whole);
        return;
      }
      let sent = 0;
      const drop = setInterval(() => socket.write(whole.subarray(sent, ++sent)), 30);
      socket.on('close', () => clearInterval(drop));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const target = `tcp://127.0.0.1:${(server.address() as { port: number }).port}`;
  await using one = connect(target, { limits: { stallMs: 100 } });
  await using other = connect(target);
  const first = one.call([1]).catch((reason: unknown) => reason);
  await expect.poll(() => answered).toBe(1);
  expect((await other.call([1])).shape).toEqual([1]);
  expect(await first).toMatchObject({ code: 'TRANSPORT_TOO_SLOW', fault: 'peer' });
  expect((await one.call([1])).shape).toEqual([1]);
});

test('closed without patience: a call that waits for another model object to be done was not begun', async () => {
  let answer = (): void => {};
  const server = await serve('tcp://127.0.0.1:0', async (input) => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return input;
  });
  onTestFinished(() => server.close());
  await using busy = connect(server.address);
  const other = connect(server.address);
  const first = busy.call([1]);
  await expect.poll(() => busy.stats.inFlight).toBe(1);
  const second = other.call([2]).catch((error: unknown) => error);
  await other.close({ timeoutMs: 20 });
  expect(await second).toMatchObject({ code: 'BRIDGE_CLOSED', detail: { begun: false } });
  await expect
    .poll(() => {
      answer();
      return busy.stats.answered;
    })
    .toBe(1);
  await first;
});
