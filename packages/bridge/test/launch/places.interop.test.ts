// The address at which a model listens: another program may take it between two messages, programs and connections may occupy it,
// and a model may listen elsewhere.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { listenersIn } from '@bridge/transport/machine';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../../../transport/test/support/failure.ts';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { dialects } from '../../src/dialects/all-dialects.ts';
import type { LaunchEvent } from '../../src/launch/index.ts';
import { pythons } from '../pythons.ts';
import { MODELS, pidOf, processesWithWord, runs, start } from './launching.ts';

const python = pythons[0]?.[1] ?? '';
const STRANGER = fileURLToPath(new URL('port-stranger.py', import.meta.url));
const PERSISTENT = { ...dialects.seed, connection: 'persistent' } as const;

/** Starts a Python program whose lines the test reads. */
function saying(args: readonly string[]): { child: ChildProcess; line: () => Promise<string> } {
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

/** Returns a port that nobody listens on, and that an open connection keeps in use. */
async function keptPort(): Promise<{ port: number; release: () => void }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const accepted = once(server, 'connection');
  const caller = connect(port, '127.0.0.1');
  caller.on('error', () => {});
  const [socket] = (await accepted) as [Socket];
  server.close();
  const release = (): void => void socket.resetAndDestroy();
  onTestFinished(release);
  return { port, release };
}

/**
 * Returns the inode of the socket that listens on a port. It reads the kernel's table synchronously, so that the event loop does
 * not run meanwhile.
 */
function listenerAt(port: number): string | undefined {
  return listenersIn(readFileSync('/proc/net/tcp', 'latin1'), port)[0]?.inode;
}

describe.skipIf(python === '')('a model called by its port', () => {
  test.each([true, false])(
    'dies, and a stranger takes its port at once: no message reaches the stranger, whose end is waited for (shared: %s)',
    async (shared) => {
      const at = await freePort();
      const { launched, events } = await start(python, 'echo', { at, shared, lane: false, maxRestarts: 1 });
      await using model = launched.connect();
      expect((await model.call([1])).get(0)).toBe(1);
      const stranger = saying([STRANGER, String(at), '1.5']);
      expect(await stranger.line()).toBe('waits');
      const own = listenerAt(at);
      process.kill(pidOf(launched), 'SIGKILL');
      // This loop blocks the event loop, so the host only hears of the model's end after the stranger has the port and the call was
      // made.
      const limit = performance.now() + 60_000;
      while ([own, undefined].includes(listenerAt(at)) && performance.now() < limit);
      const call = model.call([2]);
      expect(await stranger.line()).toBe('has it');
      expect((await call).get(0)).toBe(2);
      expect((await stranger.line()).split(' ')[1]).toBe('0');
      expect(events.filter(({ type }) => type === 'waiting')).toHaveLength(1);
      expect(launched.stats.replicas).toMatchObject([{ faults: { died: 1 }, restarts: 1 }]);
    },
  );

  test('closes what it listens on while it has a message: that is answered', async () => {
    const { launched } = await start(python, 'turns_deaf', { lane: false });
    await using model = launched.connect();
    expect((await model.call([1])).get(0)).toBe(1);
    expect(launched.stats.replicas).toMatchObject([{ faults: {} }]);
  });

  test('keeps its connection, does not ask for SO_REUSEADDR, and is killed: its port is free at once', async () => {
    const { launched, events } = await start(python, 'keeps', { dialect: PERSISTENT, maxRestarts: 2 });
    await using model = launched.connect();
    for (let i = 0; i < 3; i++) {
      expect((await model.call([i])).get(0)).toBe(i);
      const pid = pidOf(launched);
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => launched.stats.replicas[0]?.restarts).toBe(i + 1);
    }
    expect((await model.call([7])).get(0)).toBe(7);
    expect(events.filter(({ type }) => type === 'waiting')).toEqual([]);
    expect(launched.logs.tail(100).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^no lane: .* this dialect keeps one connection for all messages/),
    );
  });

  test('dies because an old connection keeps its port: its start waits until that is gone', async () => {
    const { port, release } = await keptPort();
    const told: LaunchEvent[] = [];
    const onEvent = (event: LaunchEvent): void => void told.push(event);
    const starting = start(python, 'keeps', { at: port, dialect: PERSISTENT, onEvent });
    await expect.poll(() => told.map(({ type }) => type)).toEqual(['waiting']);
    release();
    const { launched } = await starting;
    expect(told.filter(({ type }) => type === 'waiting')).toEqual([
      { type: 'waiting', replica: 0, reason: expect.stringContaining(`port ${port} is kept by a connection`) },
    ]);
    await using model = launched.connect();
    expect((await model.call([1])).get(0)).toBe(1);
  });

  test('has no time to wait until its port is free: the error says so', async () => {
    const { port } = await keptPort();
    const error = await failure(start(python, 'keeps', { at: port, dialect: PERSISTENT, readyTimeoutMs: 3000 }));
    expect(error).toMatchObject({ code: 'BRIDGE_LAUNCH', fault: 'environment' });
    expect(error.message).toContain(`port ${port} is kept by a connection: a program that sets SO_REUSEADDR`);
  });

  test('listens on another: its error says on which', async () => {
    const error = await failure(start(python, 'elsewhere', { readyTimeoutMs: 3000 }));
    expect(error.message).toMatch(
      /it does not listen on port \d+, but on port \d+ of 127\.0\.0\.1: set `port` to that one, or have the program listen on port \d+/,
    );
  });

  test('ends without a fault, since it reads its frames from stdin: its error says what launch needs', async () => {
    const error = await failure(start(python, 'ends'));
    expect(error.message).toMatch(
      /exited with code 0 before it was ready; it wrote nothing; launch needs a program that listens on port \d+ and goes on until it is stopped\. Its stdin is empty/,
    );
  });
});

describe.skipIf(python === '')('a model that listens on a Unix socket', () => {
  test('is ready when it listens, is called there, and is restarted although it leaves its file', async () => {
    const cwd = temporaryFolder();
    const path = join(cwd, 'model.sock');
    const { launched } = await start(python, 'unix', {
      port: './model.sock',
      cwd,
      command: [python, MODELS, 'unix', path],
    });
    await using model = launched.connect();
    expect((await model.call([1])).get(0)).toBe(1);
    process.kill(pidOf(launched), 'SIGKILL');
    await expect.poll(() => launched.stats.replicas[0]?.restarts).toBe(1);
    expect((await model.call([2])).get(0)).toBe(2);
    await launched.stop();
    expect(existsSync(path)).toBe(false);
  });

  test('binds it by a relative path, or an abstract name', async () => {
    const cwd = temporaryFolder();
    const bound = await start(python, 'unix', {
      port: 'm.sock/../m.sock',
      cwd,
      command: [python, MODELS, 'unix', 'm.sock'],
    });
    await using model = bound.launched.connect();
    expect((await model.call([1])).get(0)).toBe(1);
    const name = `npbridge-test-${process.pid}`;
    const abstract = await start(python, 'unix', {
      port: `@${name}`,
      command: [python, '-c', BINDS_ABSTRACT, MODELS, name],
    });
    await using other = abstract.launched.connect();
    expect((await other.call([2])).get(0)).toBe(2);
  });

  test('fails at once if another program listens there', async () => {
    const path = join(temporaryFolder(), 'model.sock');
    const server = createServer().listen(path);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const error = await failure(start(python, 'unix', { port: path, command: [python, MODELS, 'unix', path] }));
    expect(error.message).toContain(`the Unix socket ${path} is taken: process ${process.pid} (`);
    expect(error).toMatchObject({ code: 'BRIDGE_LAUNCH', fault: 'environment' });
  });
});

const BINDS_ABSTRACT = `
import runpy, sys
models = runpy.run_path(sys.argv[1])
models['unix'](chr(0) + sys.argv[2])
`;

describe.skipIf(python === '')('a stop', () => {
  test('ends also those in sessions of their own that have nothing of the model: no variable, no output', async () => {
    const at = await freePort();
    const { launched } = await start(python, 'with_strays', { at });
    await expect.poll(() => processesWithWord(`1000.${at}`)).toHaveLength(2);
    // The parent of one of the processes ends, so that its parent is not a process of the model any more.
    await expect.poll(() => processesWithWord(`2.${at}`)).toHaveLength(0);
    const pid = pidOf(launched);
    await launched.stop();
    expect(runs(pid)).toBe(false);
    expect(processesWithWord(`1000.${at}`)).toEqual([]);
  });
});
