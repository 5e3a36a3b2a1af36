// The effects of a client's messages on the server: rows 3, 4 and 15 to 20 of the table in README.md.
import { decode, encode, ObjectStore } from '@bridge/npy';
import { pickle } from '@bridge/npy/pickle';
import ndarray from 'ndarray';
import { describe, expect, test } from 'vitest';
import { connect } from '../../src/index.ts';
import { framed } from '../support/seed-host.ts';
import { frame, mismatch } from './frames.ts';
import { RawClient, request, serves } from './raw-client.ts';
import { isRead, onEachVariant } from './variants.ts';
import { countingCarrier } from './watched-carrier.ts';

const GIB = 2 ** 30;

/** A message with an array of objects, whose pickle calls os._exit(77) when np.load reads it. */
function lethalPickle(): Buffer {
  const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".padEnd(117);
  const body = 'cos\n_exit\n(I77\ntR.';
  return Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length + 1)}\x00${header}\n${body}`, 'latin1');
}

const DEADLY: readonly [what: string, bytes: Buffer][] = [
  ['a length that is too small', framed(encode(new Float64Array(2000)), 40)],
  ['a length of zero', framed('', 0)],
  ['a length padded with NUL', Buffer.concat([Buffer.from('192\0\0\0\0\0\0\0'), encode(new Float64Array(8))])],
  ['no array', framed('not an array')],
  ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost:6000\r\n\r\n')],
  ['a dtype that the model does not take', framed(encode(['text']))],
  ['complex numbers', framed(encode([1], { dtype: 'complex128' }))],
];

onEachVariant('messages', (rows) => {
  test.each([
    ['sees a part of the length', { id: 1, elements: 2000 }],
    ['sees blanks in front of the array', { id: 1 }],
  ])('careless: the length in two segments: the model %s and dies', async (_, spec) => {
    const model = await rows.victim();
    await using client = await RawClient.open(model.port);
    const bytes = request(spec);
    await client.write(bytes.subarray(0, 4));
    await isRead(model);
    await client.write(bytes.subarray(4));
    expect(await model.ended).toBe(1);
  });

  test('careless: the length alone, the array later: harmless', async () => {
    const model = await rows.victim();
    await using client = await RawClient.open(model.port);
    const bytes = request({ id: 1 });
    await client.write(bytes.subarray(0, 10));
    await isRead(model);
    await client.write(bytes.subarray(10));
    await client.reply();
    expect(model.alive).toBe(true);
  });

  test.each([500, 2000])(
    'host: a frame whose memory has %i of 1000 bytes when its turn comes does no harm',
    async (left) => {
      await using model = connect(rows.survivor.target);
      const memory = new ArrayBuffer(1000, { maxByteLength: 2000 });
      const first = model.call(new Uint8Array(1000));
      const second = model.call(new Uint8Array(memory)).catch((error: unknown) => error);
      memory.resize(left);
      await first;
      if (left < 1000) expect(await second).toMatchObject({ code: 'TRANSPORT_BAD_MESSAGE', fault: 'caller' });
      else expect(await second).not.toBeInstanceOf(Error);
    },
  );

  test.each([1, 2] as const)('host, in flight %i: frames of every size arrive as they are', async (inFlight) => {
    await using model = connect(rows.survivor.target, { inFlight });
    const sizes = [3, 4, 10, 500, 505, 512, 2000, 8192, 8176, 65_536, 300_001, 1_000_003];
    const replies = sizes.map(async (elements, i) => {
      const spec = { id: i, elements };
      return mismatch(spec, await model.call(frame(spec)));
    });
    expect((await Promise.all(replies)).filter(Boolean)).toEqual([]);
  });

  test('careless: a length larger than what is sent: the model waits, and spins once the client is gone', async () => {
    const model = await rows.victim();
    const client = await RawClient.open(model.port);
    const message = encode(frame({ id: 1 }));
    await client.write(framed(message, message.length + 1));
    expect(await serves(model.port, { id: 2 }, 300)).toBe(false);
    client.fin();
    expect(await model.spins()).toBe(true);
  });

  test('host: memory that is transferred away under a call takes no byte from the message', async () => {
    await using model = connect(rows.survivor.target);
    const first = model.call(frame({ id: 1, computeMs: 50 }));
    const gone = frame({ id: 2, elements: 50_000 });
    const waiting = model.call(gone).catch((error: unknown) => error);
    structuredClone(gone.data, { transfer: [gone.data.buffer] });
    expect(await waiting).toMatchObject({ code: 'TRANSPORT_BAD_MESSAGE', fault: 'caller' });
    expect(mismatch({ id: 1 }, await first)).toBeUndefined();
    // The memory is also transferred while the call makes its connection, at each of these moments.
    for (let turns = 0; turns < 12; turns++) {
      const leaving = frame({ id: 3, elements: 50_000 });
      const call = model.call(leaving).then(
        () => 'answered',
        ({ code }: { code: string }) => code,
      );
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      structuredClone(leaving.data, { transfer: [leaving.data.buffer] });
      expect(['answered', 'TRANSPORT_BAD_MESSAGE']).toContain(await call);
    }
  });

  test.each(DEADLY)('careless: %s: the model dies', async (_, bytes) => {
    const model = await rows.victim();
    await using client = await RawClient.open(model.port);
    await client.write(bytes);
    expect(await model.ended).toBe(1);
  });

  test('host: an input that is not an array is refused, and an array is sent as it is', async () => {
    const { carrier, opened } = countingCarrier(rows.survivor.port);
    await using model = connect(carrier);
    const odd: unknown[] = [undefined, null, {}, () => {}, Symbol('array'), new Map()];
    for (const value of odd) await expect(model.call(value as number[])).rejects.toThrow();
    expect(opened()).toBe(0);
    // Bytes are an array of numbers, even if they are the text of an array.
    expect((await model.call(Buffer.from('GET / HTTP/1.1'))).shape).toEqual(['T'.charCodeAt(0)]);
    expect((await model.call([])).get(1)).toBe(0);
  });

  test('host: the schema refuses an array that would end the model, and opens no connection for it', async () => {
    const { carrier, opened } = countingCarrier(rows.survivor.port);
    await using declared = connect(carrier, { input: { dtype: 'float64', shape: [null] } });
    await using learning = connect(carrier, { schema: 'learn' });
    for (const model of [declared, learning]) {
      expect((await model.call(frame({ id: 1 }))).get(0)).toBe(1);
      const before = opened();
      for (const array of [['text'], ndarray(new Uint8Array(4), [2, 2]), encode([1])]) {
        await expect(model.call(array)).rejects.toMatchObject({ code: 'BRIDGE_SCHEMA', fault: 'caller' });
      }
      expect(opened()).toBe(before);
    }
  });

  test('host: without a schema the model dies of it, its caller is told, and the next message is not sent to it', async () => {
    const victim = await rows.victim();
    await using model = connect(victim.target, { retryMs: 200 });
    const deadly = model.call(['text']).catch((error: unknown) => error);
    expect(await deadly).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY', fault: 'peer' });
    expect(await victim.ended).toBe(1);
    await expect(model.call(frame({ id: 1 }))).rejects.toMatchObject({ code: 'TRANSPORT_REFUSED' });
    expect(victim.said('waiting')).toBe(1);
  });

  test('careless: eleven digits: the model takes ten of them for the length, and waits', async () => {
    const model = await rows.victim();
    await using client = await RawClient.open(model.port);
    await client.write(Buffer.concat([Buffer.from('10000000192'), encode(frame({ id: 1 }))]));
    expect(await serves(model.port, { id: 2 }, 300)).toBe(false);
    expect(model.said('received')).toBe(0);
  });

  test('host: a frame whose length needs eleven digits is refused before anything is opened', async () => {
    const { carrier, opened } = countingCarrier(rows.survivor.port);
    await using model = connect(carrier);
    // Strides of 0 repeat one number. The encoded array would take all that memory, so it has to be refused before.
    const huge = ndarray(new Float64Array(1), [2 * GIB], [0]);
    await expect(model.call(huge)).rejects.toMatchObject({ code: 'TRANSPORT_TOO_LARGE', fault: 'caller' });
    expect(opened()).toBe(0);
  });

  test("careless: an array of objects: the sender's pickle runs inside the model", async () => {
    const model = await rows.victim();
    await using client = await RawClient.open(model.port);
    await client.write(framed(lethalPickle()));
    expect(await model.ended).toBe(77);
  });

  test('host: arrays of objects are refused', async () => {
    const { carrier, opened } = countingCarrier(rows.survivor.port);
    await using model = connect(carrier);
    const objects = decode(encode({ data: new ObjectStore([null]) }, { objects: pickle }), { objects: pickle });
    await expect(model.call(objects)).rejects.toMatchObject({ code: 'NPY_OBJECTS' });
    expect(opened()).toBe(0);
  });

  describe('harmless arrays', () => {
    const harmless: readonly [what: string, array: () => Parameters<ReturnType<typeof connect>['call']>[0]][] = [
      ['no axes', () => ndarray(Float64Array.of(7), [])],
      ['big-endian', () => ndarray(Float64Array.of(7, 0, 0, 5), [4])],
      ['Fortran order', () => ndarray(Float64Array.of(7, 0, 0, 5), [2, 2], [1, 2])],
    ];
    test.each(harmless)('careless and host: %s', async (what, array) => {
      await using client = await RawClient.open(rows.survivor.port);
      const options = what === 'big-endian' ? ({ dtype: '>f8' } as const) : {};
      await client.write(framed(encode(array(), options)));
      await client.reply();
      client.rst();
      await using model = connect(rows.survivor.target);
      expect((await model.call(array())).get(0)).toBe(7);
    });
  });
});
