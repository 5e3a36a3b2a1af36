// The in-memory carrier keeps the carrier's contract. Its own tests follow: the listener itself is the address.
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  listenMemory,
  type MemoryListener,
  type MemoryListenOptions,
  memory,
} from '../../src/carriers/memory/memory.ts';
import type { Handler, Signal } from '../../src/exchange/carrier.ts';
import { answeringContract } from '../answering-contract.ts';
import { carrierContract } from '../carrier-contract.ts';

carrierContract('memory', {
  async listen(handler, onError = () => {}) {
    const listener = await listenMemory('contract', { onError }, handler);
    return { listener, carrier: memory(listener) };
  },
});

answeringContract('memory', {
  async listen(handler, limits, onError) {
    const listener = await listenMemory('contract', { limits, onError }, handler);
    return { listener, carrier: memory(listener) };
  },
});

const echo: Handler = async (request) => [request];

async function memoryListener(handler: Handler, options: MemoryListenOptions = {}): Promise<MemoryListener> {
  const listener = await listenMemory('a name', options, handler);
  onTestFinished(() => listener.close());
  return listener;
}

test('its address is for messages', async () => {
  const { address } = await memoryListener(echo);
  expect(address).toBe('memory:a%20name');
  expect(new URL(address).protocol).toBe('memory:');
});

test('a listener that was closed refuses', async () => {
  const listener = await memoryListener(echo);
  await using carrier = memory(listener);
  await listener.close();
  await expect(carrier.exchange([Uint8Array.of(1)])).rejects.toMatchObject({
    code: 'TRANSPORT_REFUSED',
    fault: 'environment',
    detail: { address: listener.address },
  });
});

test('the handler runs after exchange() has returned', async () => {
  const handler = vi.fn(echo);
  await using carrier = memory(await memoryListener(handler));
  const exchange = carrier.exchange([Uint8Array.of(1)]);
  expect(handler).not.toHaveBeenCalled();
  await exchange;
});

test('neither end sees the changes that the other makes in its memory', async () => {
  const kept: Uint8Array[] = [];
  await using carrier = memory(
    await memoryListener(async (request) => {
      kept.push(request);
      return [request];
    }),
  );
  const sent = Uint8Array.of(1, 2, 3);
  const exchange = carrier.exchange([sent]);
  sent.fill(9);
  const reply = await exchange;
  expect(reply).toEqual(Uint8Array.of(1, 2, 3));
  reply.fill(7);
  expect(kept).toEqual([Uint8Array.of(1, 2, 3)]);
});

test('each end has its limit, to the byte', async () => {
  const handler = vi.fn<Handler>(async (request) => [request, request]);
  const listener = await memoryListener(handler, { limits: { maxMessageBytes: 3 } });
  await using carrier = memory(listener, { limits: { maxMessageBytes: 4 } });
  expect(await carrier.exchange([new Uint8Array(2)])).toHaveLength(4);
  await expect(carrier.exchange([new Uint8Array(2), new Uint8Array(2)])).rejects.toMatchObject({
    code: 'TRANSPORT_TOO_LARGE',
    fault: 'caller',
    message: expect.stringContaining(listener.address),
    detail: { bytes: 4, maxMessageBytes: 3 },
  });
  expect(handler).toHaveBeenCalledOnce();
  await expect(carrier.exchange([new Uint8Array(3)])).rejects.toMatchObject({
    code: 'TRANSPORT_TOO_LARGE',
    fault: 'peer',
    detail: { bytes: 6, maxMessageBytes: 4 },
  });
});

test('a caller that gives up is reported once', async () => {
  const onError = vi.fn();
  const listener = await memoryListener(
    (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
    { onError },
  );
  await using carrier = memory(listener);
  await expect(carrier.exchange([], { signal: AbortSignal.timeout(5) })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  await listener.close();
  expect(onError).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({
      code: 'TRANSPORT_CALLER_GONE',
      detail: { address: 'memory:a%20name', peer: 'memory:a%20name#1' },
    }),
    'memory:a%20name#1',
  );
});

test('a signal that fires after its exchange, or a second time, is not reported', async () => {
  const onError = vi.fn();
  const signals: Signal[] = [];
  const handler: Handler = async (request, { signal }) => {
    signals.push(signal);
    return [request];
  };
  await using carrier = memory(await memoryListener(handler, { onError }));
  // A signal that ignores removeEventListener.
  const fire: (() => void)[] = [];
  const signal = {
    aborted: false,
    reason: 'late',
    addEventListener: (_: 'abort', listener: () => void) => void fire.push(listener),
    removeEventListener() {},
  };
  expect(await carrier.exchange([Uint8Array.of(1)], { signal })).toEqual(Uint8Array.of(1));
  for (const listener of fire) listener();
  expect(onError).not.toHaveBeenCalled();
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  const given = carrier.exchange([Uint8Array.of(2)], { signal });
  for (const listener of [...fire, ...fire]) listener();
  await expect(given).rejects.toBe('late');
  expect(onError).toHaveBeenCalledOnce();
});

test('invalid arguments', async () => {
  for (const listener of [undefined, null, 'memory:a', {}, { address: 'memory:a' }]) {
    expect(() => memory(listener as never)).toThrow(expect.objectContaining({ code: 'TRANSPORT_BAD_ADDRESS' }));
  }
  const listener = await memoryListener(echo);
  const refused = { code: 'TRANSPORT_BAD_OPTION', fault: 'caller' };
  expect(() => memory(listener, { limits: { maxMessageBytes: Number.NaN } })).toThrow(expect.objectContaining(refused));
  await expect(listenMemory(5 as never, {}, echo)).rejects.toMatchObject(refused);
  await expect(listenMemory('a', { onError: 5 } as never, echo)).rejects.toMatchObject(refused);
  // In memory there are no streams, so limits on streams are refused.
  await expect(listenMemory('a', { limits: { stallMs: 5 } } as never, echo)).rejects.toMatchObject(refused);
  await expect(listenMemory('a', { limits: 5 } as never, echo)).rejects.toMatchObject(refused);
  await expect(listenMemory('a', {}, undefined as never)).rejects.toMatchObject(refused);
  await using _listener = await listenMemory('a', null as never, echo);
});
