// Peers misbehave in various ways, on real sockets: the caller gets one error with a code for each way.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { encode } from '@bridge/npy';
import { isTransportError } from '@bridge/transport';
import { afterEach, expect, test } from 'vitest';
import { connect, isBridgeError, serve } from '../../src/index.ts';
import { dial, framed } from '../support/seed-host.ts';

const frame = { data: new Uint8Array(1000), shape: [10, 100] };
const reply = encode(new Float32Array(600), {});

let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

/** Starts a server that reads one whole request and then passes the connection to the test. */
async function peer(answer: (socket: Socket) => void): Promise<string> {
  server = createServer((socket) => {
    let received = 0;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received === 10 + encode(frame).length) answer(socket);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  return `tcp://127.0.0.1:${port}`;
}

async function failure(answer: (socket: Socket) => void, limits = {}): Promise<unknown> {
  await using model = connect(await peer(answer), { limits });
  return await model.call(frame).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('nothing listens', async () => {
  const target = await peer(() => {});
  await new Promise<void>((resolve) => server?.close(() => resolve()));
  await using model = connect(target);
  const error = await model.call(frame).catch((e: unknown) => e);
  expect(isTransportError(error, 'TRANSPORT_REFUSED')).toBe(true);
  expect((error as Error).message).toBe(`nothing listens at ${target}`);
});

test('closed before the reply', async () => {
  const closed = await failure((socket) => socket.end());
  expect(closed).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY', fault: 'peer', detail: { reset: false } });
});

test('reset before the reply', async () => {
  const reset = await failure((socket) => socket.resetAndDestroy());
  expect(reset).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY', detail: { reset: true } });
});

test('closed inside the reply: what was expected and what came', async () => {
  const error = await failure((socket) => socket.end(reply.subarray(0, 2000)));
  expect(error).toMatchObject({
    code: 'TRANSPORT_CLOSED_INSIDE_REPLY',
    detail: { replyBytes: 2000, expected: reply.length, reset: false },
  });
});

test("closed inside the reply's header", async () => {
  const error = await failure((socket) => socket.end(reply.subarray(0, 50)));
  expect(error).toMatchObject({ code: 'TRANSPORT_CLOSED_INSIDE_REPLY', detail: { replyBytes: 50 } });
});

test('closed or reset after the reply: the reply counts', async () => {
  for (const close of ['end', 'resetAndDestroy'] as const) {
    let answered: Socket | undefined;
    await using model = connect(
      await peer((socket) => {
        answered = socket;
        if (close === 'end') socket.end(reply);
        else socket.write(reply);
      }),
    );
    expect((await model.call(frame)).shape).toEqual([600]);
    answered?.[close]();
    await new Promise<void>((resolve) => server?.close(() => resolve()));
  }
});

test('the reply is not npy', async () => {
  const error = await failure((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect(isBridgeError(error, 'BRIDGE_BAD_REPLY')).toBe(true);
  expect(error).toMatchObject({ fault: 'peer', cause: { code: 'NPY_NOT_NPY' } });
  const { message, detail } = error as { message: string; detail: Record<string, unknown> };
  expect(message).toMatch(/^the model's reply is not one \.npy array: /);
  expect(message).not.toContain('npy: npy:');
  expect(message).not.toContain(': npy: ');
  expect(detail).toMatchObject({ target: expect.stringMatching(/^tcp:/), why: 'NPY_NOT_NPY' });
});

test('the reply is a pickle of objects', async () => {
  const header = Buffer.from(encode(new Float64Array(1)));
  const objects = Buffer.from(header.toString('latin1').replace("'<f8'", "'|O' "), 'latin1');
  const error = await failure((socket) => socket.end(objects));
  expect(error).toMatchObject({ code: 'BRIDGE_BAD_REPLY', cause: { code: 'NPY_OBJECTS' } });
});

test('the header says less than comes', async () => {
  const long = Buffer.concat([reply, Buffer.from('and more')]);
  const error = await failure((socket) => socket.end(long));
  expect(error).toMatchObject({
    code: 'BRIDGE_BAD_REPLY',
    cause: { code: 'TRANSPORT_BAD_FRAME', detail: { replyBytes: reply.length, trailingBytes: 8 } },
  });
});

test('the header says more than any memory, and more than the limit', async () => {
  const lie = (shape: string): Buffer =>
    Buffer.from(Buffer.from(reply).toString('latin1').replace('(600,)', shape), 'latin1');
  const huge = await failure((socket) => socket.end(lie('(9e9,)'.replace('9e9', '9'.repeat(18)))));
  expect(huge).toMatchObject({ code: 'BRIDGE_BAD_REPLY' });
  const over = await failure((socket) => socket.end(lie('(999,)')), { maxMessageBytes: 3000 });
  expect(over).toMatchObject({ code: 'TRANSPORT_TOO_LARGE', detail: { maxMessageBytes: 3000 } });
});

/** Returns the .npy header of an array with this dtype and shape, without data. */
function headerOf(descr: string, shape: string): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  return Buffer.from(`\x93NUMPY\x01\x00v\x00${text}\n`, 'latin1');
}

test.each([
  ['|S0', '(1099511627776,)'],
  ['|V0', '(1099511627776,)'],
  ['<U0', '(1048577,)'],
  ['<f8', '(1099511627776, 0)'],
  ['<f8', '(0, 1048577)'],
])(
  '%s of shape %s, a million million elements without a byte, is no array that anybody could look through',
  async (descr, shape) => {
    const empty = headerOf(descr, shape);
    const error = await failure((socket) => socket.end(empty));
    expect(error).toMatchObject({ code: 'BRIDGE_BAD_REPLY', detail: { why: 'NPY_LIMIT', maxParts: 2 ** 20 } });
    const told: unknown[] = [];
    const handler = (): void => expect.unreachable();
    await using listener = await serve('tcp://127.0.0.1:0', { onError: (why) => told.push(why) }, handler);
    const socket = await dial(listener.address);
    socket.end(framed(empty));
    await expect.poll(() => told).toEqual([expect.objectContaining({ code: 'BRIDGE_BAD_REQUEST' })]);
  },
);

test.each([
  ['|S0', '(1048576,)', [1048576]],
  ['<f4', '(0, 4)', [0, 4]],
  ['<f4', '(1000, 0, 6)', [1000, 0, 6]],
  ['<f4', '(0,)', [0]],
])('%s of shape %s, which has no bytes, is an array as in NumPy', async (descr, text, shape) => {
  await using model = connect(await peer((socket) => socket.end(headerOf(descr, text))));
  expect((await model.call(frame)).shape).toEqual(shape);
});

test('the frame cannot be encoded: nothing is connected', async () => {
  let connections = 0;
  await using model = connect(await peer(() => {}));
  server?.on('connection', () => connections++);
  const error = await model.call([1, 2n] as never).catch((e: unknown) => e);
  expect(error).toMatchObject({ name: 'NpyError', code: 'NPY_ARRAY', fault: 'caller' });
  expect(connections).toBe(0);
});

test('an invalid target', () => {
  for (const target of ['localhost:6000', 'tcp://', 'tcp://localhost', 'ftp://localhost:1', '']) {
    expect(() => connect(target)).toThrow(expect.objectContaining({ code: 'BRIDGE_TARGET' }));
  }
});

test('no reply in time: whether the message was begun, and how many waited where it was not', async () => {
  const mayAnswer = Promise.withResolvers<void>();
  await using model = connect(await peer((socket) => void mayAnswer.promise.then(() => socket.end(reply))));
  const calls = [50, 50, undefined].map((timeout) =>
    model.call(frame, { timeoutMs: timeout }).catch((error: unknown) => error),
  );
  const errors = await Promise.all(calls.slice(0, 2));
  mayAnswer.resolve();
  expect(errors).toMatchObject([
    { code: 'BRIDGE_TIMEOUT', detail: { timeoutMs: 50, begun: true } },
    { code: 'BRIDGE_TIMEOUT', detail: { timeoutMs: 50, begun: false } },
  ]);
  expect(errors.map((error) => (error as Error).message)).toEqual([
    'no reply within 50 ms; the message may have reached the model',
    expect.stringMatching(
      /^no reply within 50 ms; the message was not sent: tcp:\S+ (works on another call|still works on an earlier call that was aborted or timed out.*); 1 other call waits$/,
    ),
  ]);
  expect(await calls[2]).toMatchObject({ shape: [600] });
});

test('closed: which model, and whether the message was begun', async () => {
  const target = await peer(() => {});
  const model = connect(target);
  await model.close();
  await expect(model.call(frame)).rejects.toMatchObject({ code: 'BRIDGE_CLOSED', detail: { target, begun: false } });
  await expect(model.close({ timeoutMs: Number.NaN })).rejects.toMatchObject({ code: 'BRIDGE_OPTION' });
});
