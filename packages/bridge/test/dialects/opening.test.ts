// connect, serve and relay speak dialects with greetings and acknowledgements, on persistent connections and on one for each
// message.
import { delimited, noReply, type Token, uintLength } from '@bridge/transport';
import { expect, test } from 'vitest';
import { connect, dialects, relay, serve } from '../../src/index.ts';

const text = (value: string): Uint8Array[] => [new TextEncoder().encode(value)];
const hello: Token = { from: 'caller', message: text('HELLO 1'), framing: delimited({ end: '\n' }) };
const ready: Token = { from: 'listener', message: text('READY') };
const ok: Token = { from: 'listener', message: text('OK') };
const four = uintLength({ bytes: 4 });

test.each(['message', 'persistent'] as const)('call, stream, serve and relay, connections: %s', async (connection) => {
  const dialect = dialects.prefixed({
    bytes: 4,
    connection,
    opening: [hello, ready],
    exchange: ['request', ok, 'reply', { from: 'caller', message: text('THX') }],
  });
  // A listener that closes the connection after its reply would not read THX.
  const hosts = { dialect: { ...dialect, connection: 'persistent' } } as const;
  await using served = await serve('tcp://127.0.0.1:0', hosts, (input) => input);
  await using relayed = await relay('tcp://127.0.0.1:0', served.address, { dialect, hosts });
  for (const { address } of [served, relayed]) {
    await using model = connect(address, { dialect });
    for (let n = 0; n < 5; n++) expect((await model.call([n, n])).get(1)).toBe(n);
    const outputs: number[] = [];
    for await (const { output } of model.stream([[1], [2], [3]])) outputs.push(Number(output.get(0)));
    expect(outputs).toEqual([1, 2, 3]);
    expect(model.stats.failures).toEqual({});
  }
});

test('calls without a reply that are acknowledged resolve with the acknowledgement', async () => {
  let seen = 0;
  const exchange = ['request', ok] as const;
  const dialect = { request: four, reply: noReply(), connection: 'persistent', exchange } as const;
  const count = (): void => {
    seen++;
  };
  await using served = await serve('tcp://127.0.0.1:0', { dialect }, count);
  await using model = connect(served.address, { dialect });
  for (let n = 0; n < 20; n++) expect(await model.call([n])).toBeUndefined();
  await expect.poll(() => seen).toBe(20);
});

test('a model with another greeting, and a model whose greeting the dialect does not have', async () => {
  const dialect = dialects.prefixed({ bytes: 4, opening: [ready] });
  await using served = await serve(
    'tcp://127.0.0.1:0',
    {
      dialect: dialects.prefixed({ bytes: 4, opening: [{ from: 'listener', message: text('LATER') }] }),
      onError: () => {},
    },
    (input) => input,
  );
  await using model = connect(served.address, { dialect });
  await expect(model.call([1])).rejects.toMatchObject({
    code: 'BRIDGE_BAD_REPLY',
    cause: { code: 'TRANSPORT_BAD_FRAME', detail: { expected: 'READY', text: 'LATER' } },
  });
  await using plain = connect(served.address);
  await expect(plain.call([1], { timeoutMs: 5000 })).rejects.toMatchObject({
    code: 'BRIDGE_BAD_REPLY',
    message: expect.stringContaining('"LATER"; a greeting is read where the dialect\'s `opening` says so'),
  });
});
