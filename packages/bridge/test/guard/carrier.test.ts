// The guard works with a user's own carrier, and lets a process end that has nothing more to do.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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
    // The guard takes turns for the model at an address. When it gives a turn back, it calls rest() of each carrier, this one
    // included.
    const model = connect([listener.address, echo]);
    for (let i = 0; i < 4; i++) expect((await model.call([i])).get(0)).toBe(i);
    await pause(20);
    expect((await model.call([7])).get(0)).toBe(7);
    await model.close();

    const stuck = connect(Object.assign(manual(), { unref: throwing('unref') }));
    const call = stuck.call([1]).catch((error: unknown) => error);
    await settled();
    await stuck.close({ timeoutMs: 1 });
    expect(await call).toMatchObject({ code: 'BRIDGE_CLOSED' });
    const messages = (): string[] => heard.map((error) => (error as Error).message);
    await expect.poll(messages).toContain('unref');
    expect(messages()).toContain('rest');
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
  async function run(source: string, target: string): Promise<string> {
    const folder = new URL('../../.cache/programs/', import.meta.url);
    await mkdir(folder, { recursive: true });
    const file = new URL(`program-${process.pid}-${programs++}.ts`, folder);
    onTestFinished(() => rm(file));
    await writeFile(file, source.replaceAll('TARGET', JSON.stringify(target)));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@bridge/source', fileURLToPath(file)],
      { timeout: 100_000 },
    );
    return stdout.trim();
  }

  test('ends, whether or not it closed its model', async () => {
    await using listener = await serve('tcp://127.0.0.1:0', (input) => input);
    const source = `import { connect } from '@bridge/bridge';
      const model = connect(TARGET);
      console.log((await model.call([5])).get(0));`;
    expect(await run(source, listener.address)).toBe('5');
  });

  test('does not end before its message is finished, although it does not wait for it', async () => {
    let finished = 0;
    await using listener = await serve('tcp://127.0.0.1:0', async (input, { signal }) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (!signal.aborted) finished++;
      return input;
    });
    const source = `import { connect } from '@bridge/bridge';
      const model = connect(TARGET);
      await model.call([5], { timeoutMs: 200 }).catch((error) => console.log(error.code));`;
    expect(await run(source, listener.address)).toBe('BRIDGE_TIMEOUT');
    expect(finished).toBe(1);
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
