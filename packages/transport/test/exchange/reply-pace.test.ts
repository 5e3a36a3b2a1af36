// A caller gives up a reply that arrives a few bytes at a time, below a minimum rate. It waits for a peer that is silent before its
// reply, and for one pause within it.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { tcp } from '../../src/carriers/tcp/tcp.ts';
import { ReplyPace } from '../../src/exchange/reply-pace.ts';
import { asciiLength } from '../../src/framing/ascii-length.ts';
import { noReply } from '../../src/framing/no-reply.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { untilClose } from '../../src/framing/until-close.ts';

const lengths = uintLength({ bytes: 4, endian: 'big' });
const LIMITS = { stallMs: 60, stallBytes: 100 };

/** Starts a peer that calls `answer` on each connection when the first bytes of a request have arrived. Resolves with its port. */
async function peer(answer: (socket: Socket) => Promise<void>): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.once('data', () => void answer(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

async function call(
  answer: (socket: Socket) => Promise<void>,
  { limits = LIMITS, reply = lengths }: { limits?: object; reply?: typeof lengths } = {},
): Promise<number | { code: string; message: string; fault: string; detail: object }> {
  const carrier = tcp(
    { host: '127.0.0.1', port: await peer(answer) },
    { dialect: { request: lengths, reply }, limits },
  );
  onTestFinished(() => carrier.close());
  return await carrier.exchange([Uint8Array.of(1)]).then(
    (bytes) => bytes.length,
    (error) => error,
  );
}

/** Returns the length in front of a reply of `bytes` bytes, and the first `now` of these bytes. */
const head = (bytes: number, now = 0): Buffer => {
  const frame = Buffer.alloc(4 + now);
  frame.writeUInt32BE(bytes);
  return frame;
};
const drip = async (socket: Socket, bytes: number, everyMs: number): Promise<void> => {
  for (; !socket.destroyed; await pause(everyMs)) socket.write(Buffer.alloc(bytes));
};

describe('a reply of which now and then a byte comes', () => {
  const slow = { code: 'TRANSPORT_TOO_SLOW', fault: 'peer', detail: { what: 'reply', limitMs: 60 } };

  test('is given up by a code, whether the bytes come often or seldom, and its connection closed', async () => {
    for (const everyMs of [5, 100]) {
      let closed: Promise<unknown> | undefined;
      const outcome = await call(async (socket) => {
        closed = once(socket, 'close');
        socket.write(head(100_000));
        await drip(socket, 1, everyMs);
      });
      expect(outcome).toMatchObject(slow);
      expect(Object(outcome).message).toMatch(
        /^tcp:\/\/127\.0\.0\.1:\d+: the reply arrives too slowly: \d+ bytes of it have arrived/,
      );
      await closed;
    }
  });

  test('the same before its length is known, and where only the end of the stream tells it', async () => {
    const wide = uintLength({ bytes: 8, endian: 'big' });
    expect(await call((socket) => drip(socket, 1, 100), { reply: wide })).toMatchObject(slow);
    expect(await call((socket) => drip(socket, 1, 5), { reply: untilClose() })).toMatchObject(slow);
  });

  test('the same behind what is no reply: its caller is told what is wrong with it, and its connection closed', async () => {
    const dialect = { request: lengths, reply: asciiLength({ width: 4 }), close: 'reset' } as const;
    let closed: Promise<unknown> | undefined;
    const port = await peer(async (socket) => {
      // `once` would reject if the connection is reset, so this waits for the event alone.
      closed = new Promise((resolve) => socket.on('close', resolve));
      socket.write('what is this?');
      await drip(socket, 1, 5);
    });
    await using carrier = tcp({ host: '127.0.0.1', port }, { dialect, limits: LIMITS });
    await expect(carrier.exchange([Uint8Array.of(1)])).rejects.toMatchObject({ code: 'TRANSPORT_BAD_FRAME' });
    await closed;
  });

  test.each(['fin', 'reset', 'peer'] as const)('behind a whole reply keeps no connection: %s', async (close) => {
    let closed: Promise<unknown> | undefined;
    const answered = Promise.withResolvers<void>();
    const port = await peer(async (socket) => {
      closed = new Promise((resolve) => socket.on('close', resolve));
      socket.write(head(3, 3));
      await answered.promise;
      await drip(socket, 1, 5);
    });
    const dialect = { request: lengths, reply: lengths, close };
    await using carrier = tcp({ host: '127.0.0.1', port }, { dialect, limits: LIMITS });
    expect((await carrier.exchange([Uint8Array.of(1)])).length).toBe(3);
    answered.resolve();
    await closed;
  });

  test('the same for a message that has no reply, and is acknowledged', async () => {
    const exchange = ['request', { from: 'listener', framing: lengths }] as const;
    const dialect = { request: lengths, reply: noReply(), exchange };
    const port = await peer(async (socket) => {
      socket.write(head(60_000));
      await drip(socket, 1, 5);
    });
    await using carrier = tcp({ host: '127.0.0.1', port }, { dialect, limits: LIMITS });
    await expect(carrier.exchange([Uint8Array.of(1)])).rejects.toMatchObject(slow);
  });

  test('counts against the whole: what is enough for a small reply is not for a large one', async () => {
    const rate = (socket: Socket): Promise<void> => drip(socket, 30, 10);
    const large = async (socket: Socket): Promise<void> => {
      socket.write(head(1_000_000));
      await rate(socket);
    };
    expect(await call(large)).toMatchObject(slow);
    expect(isGivenUp(1_000_000, 30, 10)).toBe(true);
    expect(isGivenUp(3000, 30, 10)).toBe(false);
  });
});

/** Returns whether a caller gives up a reply of which `bytes` bytes arrive every `everyMs`. The clock is simulated. */
function isGivenUp(wholeBytes: number, bytes: number, everyMs: number): boolean {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const late = vi.fn();
  const pace = new ReplyPace(LIMITS, late);
  for (let came = bytes; came < wholeBytes && late.mock.calls.length === 0; came += bytes) {
    pace.more(bytes, came, wholeBytes);
    vi.advanceTimersByTime(everyMs);
  }
  pace.end();
  vi.useRealTimers();
  return late.mock.calls.length > 0;
}

describe('what is waited for', () => {
  test('silence before a reply, and one pause of any length in it', async () => {
    const thinks = async (socket: Socket): Promise<void> => {
      await pause(200);
      socket.write(head(1000, 6));
      await pause(400);
      socket.write(Buffer.alloc(994));
    };
    expect(await call(thinks)).toBe(1000);
  });

  test('pauses behind what was enough', async () => {
    const pieces = async (socket: Socket): Promise<void> => {
      socket.write(head(900));
      for (let i = 0; i < 3; i++) {
        await pause(150);
        socket.write(Buffer.alloc(300));
      }
    };
    expect(await call(pieces)).toBe(900);
  });

  test('whatever comes, where the limit is Infinity or nothing', async () => {
    const slow = async (socket: Socket): Promise<void> => {
      socket.write(head(40));
      await drip(socket, 1, 10);
    };
    expect(await call(slow, { limits: { ...LIMITS, stallMs: Number.POSITIVE_INFINITY } })).toBe(40);
    expect(await call(slow, { limits: { ...LIMITS, stallBytes: 0 } })).toBe(40);
  });
});

test.each([{ stallMs: 0 }, { stallMs: 'soon' }, { stallBytes: -1 }, { stallBytes: Number.NaN }])(
  'limits of %j are refused',
  (limits) => {
    const options = { dialect: { request: lengths, reply: lengths }, limits: limits as object };
    expect(() => tcp({ host: '127.0.0.1', port: 1 }, options)).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' }),
    );
  },
);
