// The guard works with a user's own carrier, and lets a process end that has nothing more to do.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { encode } from '@bridge/npy';
import { type Carrier, joinMessage, TransportError } from '@bridge/transport';
import { describe, expect, onTestFinished, test } from 'vitest';
import { unhandledRejections } from '../../../transport/test/support/unhandled-rejections.ts';
import { connect, serve } from '../../src/index.ts';

/** A carrier that answers each message with the same bytes when the test lets it. */
function manual(): Carrier & { readonly underWay: ((error?: unknown) => void)[]; disposed: number } {
  const carrier = {
    underWay: [] as ((error?: unknown) => void)[],
    disposed: 0,
    exchange: (message: readonly Uint8Array[]) =>
      new Promise<Uint8Array>((resolve, reject) => {
        carrier.underWay.push((error) => (error === undefined ? resolve(joinMessage(message).slice()) : reject(error)));
      }),
    async close() {
      carrier.disposed++;
    },
    [Symbol.asyncDispose]: () => carrier.close(),
  };
  return carrier;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a carrier of the user's own", () => {
  test('is not given a message whose memory was transferred while its call waited', async () => {
    const carrier = manual();
    const model = connect(carrier);
    const first = model.call([1]);
    const pixels = new Uint8Array(1000);
    const second = model.call(pixels);
    structuredClone(pixels, { transfer: [pixels.buffer] });
    await settled();
    carrier.underWay[0]?.();
    await first;
    await expect(second).rejects.toMatchObject({ code: 'TRANSPORT_BAD_MESSAGE', fault: 'caller' });
    expect(carrier.underWay.length).toBe(1);
    await model.close();
  });

  test('gets one message at a time, or two, and is disposed of once', async () => {
    for (const inFlight of [1, 2] as const) {
      const carrier = manual();
      const model = connect(carrier, { inFlight });
      const calls = [1, 2, 3].map((value) => model.call([value]));
      await settled();
      for (let sent = 0; sent < 3; sent++) {
        expect(carrier.underWay.length).toBe(Math.min(3, sent + inFlight));
        carrier.underWay[sent]?.();
        await settled();
      }
      expect((await Promise.all(calls)).map((reply) => reply.get(0))).toEqual([1, 2, 3]);
      await model.close();
      await model.close();
      expect(carrier.disposed).toBe(1);
    }
  });

  test('an error of its own reaches the caller as it is, and nothing is sent again', async () => {
    const carrier = manual();
    await using model = connect(carrier, { retry: 'idempotent' });
    const own = new Error('out of paper');
    const call = model.call([1]).catch((error: unknown) => error);
    await settled();
    carrier.underWay[0]?.(own);
    expect(await call).toBe(own);
    expect(carrier.underWay).toHaveLength(1);
  });

  test('a carrier that could not reach its model is tried again', async () => {
    const carrier = manual();
    await using model = connect(carrier);
    const call = model.call([7]);
    await settled();
    carrier.underWay[0]?.(new TransportError('TRANSPORT_UNREACHABLE', 'no way'));
    await expect.poll(() => carrier.underWay.length).toBe(2);
    carrier.underWay[1]?.();
    expect((await call).get(0)).toBe(7);
  });

  test.each([undefined, null, 5, 'bytes', new ArrayBuffer(8), [1]])(
    '%o in place of a reply is told, and whose fault it is',
    async (reply) => {
      const carrier = { ...manual(), exchange: async () => reply };
      await using model = connect(carrier as never);
      await expect(model.call([1])).rejects.toMatchObject({ code: 'BRIDGE_BAD_REPLY', fault: 'caller' });
    },
  );

  test('a carrier that throws in rest() or unref() costs no call, and its error is an unhandled rejection', async () => {
    const heard = unhandledRejections();
    await using listener = await serve('tcp://127.0.0.1:0', (input) => input);
    const throwing = (what: string) => () => {
      throw new Error(what);
    };
    const echo = Object.assign(manual(), {
      exchange: async (message: readonly Uint8Array[]) => joinMessage(message).slice(),
      rest: throwing('rest'),
      unref: throwing('unref'),
    });
    // Several calls at once need the turns of both. The guard calls rest() of a carrier when it releases the turn for it.
    const model = connect([listener.address, echo]);
    const values = [1, 2, 3, 4, 5];
    const replies = await Promise.all(values.map((value) => model.call([value])));
    expect(replies.map((reply) => reply.get(0))).toEqual(values);
    await model.close();
    const messages = (): string[] => heard.map((error) => (error as Error).message);
    await expect.poll(messages).toContain('rest');

    const stuck = connect(Object.assign(manual(), { unref: throwing('unref') }));
    const call = stuck.call([1]).catch((error: unknown) => error);
    await settled();
    await stuck.close({ timeoutMs: 1 });
    expect(await call).toMatchObject({ code: 'BRIDGE_CLOSED' });
    await expect.poll(messages).toContain('unref');
  });

  test('an invalid reply', async () => {
    const carrier: Carrier = {
      exchange: async () => encode([1]).subarray(0, 50),
      async close() {},
      async [Symbol.asyncDispose]() {},
    };
    await using model = connect(carrier);
    await expect(model.call([1])).rejects.toMatchObject({ code: 'BRIDGE_BAD_REPLY', cause: { code: 'NPY_TRUNCATED' } });
  });
});

describe('a program that has nothing more to do', () => {
  let programs = 0;
  /** Starts a program, and calls `heard` whenever it prints something. Resolves with all that it printed when it has ended. */
  async function run(
    source: string,
    target: string,
    heard?: (said: string, child: ChildProcess) => void,
  ): Promise<string> {
    const folder = new URL('../../.cache/programs/', import.meta.url);
    await mkdir(folder, { recursive: true });
    const file = new URL(`program-${process.pid}-${programs++}.ts`, folder);
    await writeFile(file, source.replaceAll('TARGET', JSON.stringify(target)));
    const child = spawn(process.execPath, ['--conditions=@bridge/source', fileURLToPath(file)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await rm(file);
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      heard?.(said, child);
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    return said.trim();
  }

  test('ends, whether or not it closed its model', async () => {
    await using listener = await serve('tcp://127.0.0.1:0', (input) => input);
    const source = `import { connect } from '@bridge/bridge';
      const model = connect(TARGET);
      console.log((await model.call([5])).get(0));`;
    expect(await run(source, listener.address)).toBe('5');
  });

  test('does not end before its message is finished, although it does not wait for it', async () => {
    const entered = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const errors: unknown[] = [];
    await using listener = await serve('tcp://127.0.0.1:0', { onError: (error) => errors.push(error) }, async () => {
      entered.resolve();
      await answer.promise;
      // The system keeps no reply of this size for a program that has ended.
      return new Uint8Array(32 << 20);
    });
    const source = `import { connect } from '@bridge/bridge';
      const model = connect(TARGET);
      const controller = new AbortController();
      process.once('SIGUSR2', () => controller.abort());
      console.log('begins');
      await model.call([5], { signal: controller.signal }).catch((error) => console.log(error.name));`;
    const said = run(source, listener.address, async (text, child) => {
      if (text.includes('AbortError')) answer.resolve();
      else if (text === 'begins\n') await entered.promise.then(() => child.kill('SIGUSR2'));
    });
    expect(await said).toBe('begins\nAbortError');
    await listener.close();
    expect(errors).toEqual([]);
  });

  test('ends where its call waits for a turn and is given up', async () => {
    let enter!: () => void;
    const entered = new Promise<void>((resolve) => (enter = resolve));
    let leave!: () => void;
    const left = new Promise<void>((resolve) => (leave = resolve));
    await using listener = await serve('tcp://127.0.0.1:0', async (input) => {
      enter();
      await left;
      return input;
    });
    await using mine = connect(listener.address);
    const call = mine.call([1]);
    await entered;
    const source = `import { connect } from '@bridge/bridge';
      const model = connect(TARGET);
      await model.call([5], { timeoutMs: 100 }).catch((error) => console.log(error.code));`;
    expect(await run(source, listener.address)).toBe('BRIDGE_TIMEOUT');
    leave();
    await call;
  });

  test('ends, though its model never answers, once it has closed it and waited for as long as it will', async () => {
    const never = createServer((socket) => socket.on('error', () => {}).resume());
    await once(never.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void never.close());
    const source = `import { connect } from '@bridge/bridge';
      const model = connect(TARGET);
      const call = model.call([5]).catch((error) => console.log(error.code, error.detail.begun));
      const waiting = model.call([6]).catch((error) => console.log(error.code, error.detail.begun));
      while (model.stats.inFlight === 0 || model.stats.queued === 0) await new Promise(setImmediate);
      await model.close({ timeoutMs: 50 });
      await Promise.all([call, waiting]);
      console.log('closed');`;
    const { port } = never.address() as { port: number };
    expect((await run(source, `tcp://127.0.0.1:${port}`)).split('\n')).toEqual([
      'BRIDGE_CLOSED false',
      'BRIDGE_CLOSED true',
      'closed',
    ]);
  });

  test('ends, though it is closed before there is a connection for its message', async () => {
    const never = createServer((socket) => socket.on('error', () => {}).resume());
    await once(never.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void never.close());
    const source = `import { connect } from '@bridge/bridge';
      const model = connect(TARGET, { shared: false });
      const call = model.call([5]).catch((error) => console.log(error.code, error.detail.begun));
      await model.close({ timeoutMs: 0 });
      await call;`;
    const { port } = never.address() as { port: number };
    expect(await run(source, `tcp://localhost:${port}`)).toBe('BRIDGE_CLOSED true');
  });
});
