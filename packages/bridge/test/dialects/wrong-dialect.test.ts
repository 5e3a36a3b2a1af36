// The two ends of a socket speak different dialects: every error says which dialect the bytes look like.
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { encode } from '@bridge/npy';
import { asciiLength, joinMessage, uintLength } from '@bridge/transport';
import { expect, onTestFinished, test } from 'vitest';
import { connect, type Dialect, dialects, relay, serve } from '../../src/index.ts';

const npy = encode(new Float32Array(600));
const four = joinMessage(uintLength({ bytes: 4 }).encode([npy]));
const digits = joinMessage(asciiLength({ width: 10 }).encode([npy]));

/** Starts a server that sends a fixed answer as soon as it has received anything. */
async function model(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.once('data', () => answer(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `tcp://127.0.0.1:${(server.address() as { port: number }).port}`;
}

async function failure(answer: (socket: Socket) => void, dialect?: Dialect, timeout?: number): Promise<unknown> {
  await using calling = connect(await model(answer), { ...(dialect && { dialect }) });
  const error = await calling
    .call([1], timeout === undefined ? {} : { timeoutMs: timeout })
    .catch((thrown: unknown) => thrown);
  await calling.close({ timeoutMs: 0 });
  return error;
}

/** Returns a function for `expect.poll`, whose calls wait longer each time: a busy machine needs longer to bring the answer. */
function timedOut(answer: (socket: Socket) => void, dialect?: Dialect): () => Promise<unknown> {
  let timeoutMs = 50;
  return () => {
    timeoutMs *= 2;
    return failure(answer, dialect, timeoutMs);
  };
}

const says = (code: string, hint: RegExp): object =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(hint),
    detail: expect.objectContaining({ hint: expect.stringMatching(hint) }),
  });

test('a reply with a binary length, where npy was expected', async () => {
  expect(await failure((socket) => socket.end(four))).toEqual(
    says(
      'BRIDGE_BAD_REPLY',
      /it looks like a length of 4 bytes, big-endian, in front of a \.npy array: dialects\.prefixed\(\{ bytes: 4 \}\)/,
    ),
  );
});

test('the same, its length and its body in two writes', async () => {
  const answer = (socket: Socket): void => {
    socket.setNoDelay(true);
    socket.write(four.subarray(0, 4));
    setTimeout(() => socket.end(four.subarray(4)), 50);
  };
  expect(await failure(answer)).toEqual(
    says('BRIDGE_BAD_REPLY', /a length of 4 bytes, big-endian, in front of a \.npy array/),
  );
});

test('ten digits, where a binary length was expected: nothing complete comes, and the timeout says why', async () => {
  await expect
    .poll(timedOut((socket) => socket.write(digits), dialects.prefixed({ bytes: 4 })))
    .toEqual(
      says(
        'BRIDGE_TIMEOUT',
        /it looks like a length of 10 decimal digits, padded with spaces, in front of a \.npy array: dialects\.tenDigits/,
      ),
    );
});

test('the same, closed inside the reply', async () => {
  expect(await failure((socket) => socket.end(digits), dialects.prefixed({ bytes: 4 }))).toEqual(
    says('TRANSPORT_CLOSED_INSIDE_REPLY', /dialects\.tenDigits/),
  );
});

test('npy, where ten digits were expected, and where its first bytes are a length past the limit', async () => {
  const reply = (socket: Socket): void => void socket.end(npy);
  const hint = /a \.npy array with no length in front of it: `npyMessage\(\)`/;
  expect(await failure(reply, dialects.tenDigits)).toEqual(says('BRIDGE_BAD_REPLY', hint));
  expect(await failure(reply, dialects.prefixed({ bytes: 4 }))).toEqual(says('TRANSPORT_TOO_LARGE', hint));
});

test('a web server, and text', async () => {
  expect(await failure((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))).toEqual(
    says('BRIDGE_BAD_REPLY', /it looks like an HTTP reply/),
  );
  expect(await failure((socket) => socket.end('ERROR bad frame\n'), dialects.prefixed({ bytes: 8 }))).toEqual(
    says('TRANSPORT_TOO_LARGE', /text, such as a greeting or an error: "ERROR bad frame"/),
  );
});

test('a whole message that is something else than an array', async () => {
  const pickled = Buffer.from('\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x94.', 'latin1');
  const answer = (socket: Socket): void => void socket.end(Buffer.concat([Uint8Array.of(0, 0, 0, 14), pickled]));
  expect(await failure(answer, dialects.prefixed({ bytes: 4 }))).toEqual(
    says('BRIDGE_BAD_REPLY', /it looks like a pickled Python object/),
  );
});

test('a reply that is a pickled Python object in npy says so, and what to do', async () => {
  const header = Buffer.from(encode(new Float64Array(1))).toString('latin1');
  const objects = Buffer.from(header.replace("'<f8'", "'|O' "), 'latin1');
  const prefixed = joinMessage(uintLength({ bytes: 4 }).encode([objects]));
  for (const [reply, dialect] of [
    [objects, dialects.seed],
    [prefixed, dialects.prefixed({ bytes: 4 })],
  ] as const) {
    expect(await failure((socket) => socket.end(reply), dialect)).toMatchObject({
      code: 'BRIDGE_BAD_REPLY',
      message: expect.stringMatching(/an object array \(np\.save of a dict, .*np\.asarray\(x, dtype=float\)/),
      cause: { code: 'NPY_OBJECTS' },
    });
  }
});

test('nothing comes, or the connection is closed: only before the first answer that may be the dialect', async () => {
  await expect.poll(timedOut(() => {})).toEqual(says('BRIDGE_TIMEOUT', /another dialect than seed would also wait/));
  expect(await failure((socket) => socket.end())).toEqual(
    says('TRANSPORT_CLOSED_BEFORE_REPLY', /another dialect than seed might also close/),
  );
  let answers = 0;
  await using calling = connect(await model((socket) => socket.end(answers++ === 0 ? npy : '')));
  await calling.call([1]);
  const error = await calling.call([1]).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'TRANSPORT_CLOSED_BEFORE_REPLY',
    message: expect.not.stringContaining('dialect'),
  });
});

test('a host of another dialect: serve and relay report which one', async () => {
  const told: { code: string; message: string }[] = [];
  const onError = (error: unknown): void => void told.push(error as { code: string; message: string });
  const listeners = [
    await serve('tcp://127.0.0.1:0', { onError }, (input) => input),
    await relay('tcp://127.0.0.1:0', 'tcp://127.0.0.1:1', { onError }),
  ];
  for (const listener of listeners) {
    for (const [sent, hint] of [
      [four, /a length of 4 bytes, big-endian, in front of a \.npy array/],
      [npy, /a \.npy array with no length in front of it/],
      [Buffer.from('GET / HTTP/1.1\r\n\r\n'), /an HTTP request/],
    ] as const) {
      told.length = 0;
      const { port } = new URL(listener.address);
      const socket = createConnection({ host: '127.0.0.1', port: Number(port) });
      socket.on('error', () => {});
      socket.end(sent);
      await once(socket, 'close');
      await expect.poll(() => told.length).toBe(1);
      expect(told[0]).toEqual(says('TRANSPORT_BAD_FRAME', hint));
    }
    await listener.close();
  }
});
