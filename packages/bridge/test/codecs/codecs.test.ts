// Each codec encodes arrays, describes messages without decoding them, decodes messages to the same arrays, and refuses other
// input.
import { array, dtypeOf, encode, toNested } from '@bridge/npy';
import { encodePickle } from '@bridge/npy/pickle';
import { joinMessage } from '@bridge/transport';
import { describe, expect, test } from 'vitest';
import { encodeChecked } from '../../src/codecs/checked-messages.ts';
import { type ArrayCodec, codecs, connect, dialects, relay, serve } from '../../src/index.ts';
import { jsonHeader } from './json-header.ts';

const frame = array([
  [1, 2, 3],
  [4, 5, 6],
]);
const NO_LIMIT = Number.POSITIVE_INFINITY;
const one: readonly [string, ArrayCodec][] = [
  ['npy', codecs.npy],
  ['npzArray', codecs.npzArray({ name: 'frame' })],
  ['pickled', codecs.pickled()],
  ['raw', codecs.raw({ dtype: 'float64', shape: [null, 3] })],
  ['headed', codecs.headed(jsonHeader)],
  [
    'custom',
    codecs.custom({
      encode: (each) => JSON.stringify(toNested(each)),
      decode: (message) => JSON.parse(new TextDecoder().decode(message)),
    }),
  ],
];

describe.each(one)('%s', (_, codec) => {
  test('an array there and back, and its kind on both sides', () => {
    const { message, kind } = codec.encode(frame, NO_LIMIT);
    const bytes = joinMessage(message);
    expect(kind).toEqual({ dtype: 'float64', shape: [2, 3] });
    expect(codec.kindOf(bytes)).toEqual(kind);
    const back = codec.decode(bytes);
    expect(toNested(back)).toEqual(toNested(frame));
    expect(dtypeOf(back)).toBe('float64');
  });

  test('another dtype than was asked for is NPY_DTYPE', () => {
    const bytes = joinMessage(codec.encode(frame, NO_LIMIT).message);
    expect(codec.decode(bytes, { dtype: 'float64' }).shape).toEqual([2, 3]);
    expect(() => codec.decode(bytes, { dtype: 'uint8' })).toThrow(expect.objectContaining({ code: 'NPY_DTYPE' }));
  });

  test('a message past the limit is refused', () => {
    const code = { code: 'TRANSPORT_TOO_LARGE', fault: 'caller' };
    expect(() => encodeChecked(codec, { data: new Float64Array(30_000), shape: [10_000, 3] }, 1000)).toThrow(
      expect.objectContaining(code),
    );
  });

  test('an array of objects is refused on its way out', () => {
    const objects = array([{ a: 1 }], { dtype: 'object' });
    expect(() => encodeChecked(codec, objects, NO_LIMIT)).toThrow(expect.objectContaining({ code: 'NPY_OBJECTS' }));
  });

  test('a model and a server talk in it, and a relay between them', async () => {
    const dialect = dialects.prefixed({ bytes: 4 });
    await using listener = await serve('tcp://127.0.0.1:0', { dialect, codec }, (input) => input);
    await using relayed = await relay('tcp://127.0.0.1:0', listener.address, { dialect, codec, input: {} });
    await using model = connect(relayed.address, { dialect, codec, output: { dtype: 'float64', shape: [null, 3] } });
    expect(toNested(await model.call(frame))).toEqual(toNested(frame));
  });

  test('a relay makes its messages of those of hosts that speak npy, and back', async () => {
    const dialect = dialects.prefixed({ bytes: 4 });
    await using listener = await serve('tcp://127.0.0.1:0', { dialect, codec }, (input) => input);
    await using relayed = await relay('tcp://127.0.0.1:0', listener.address, {
      dialect,
      codec,
      hosts: { dialect: dialects.seed },
    });
    await using model = connect(relayed.address);
    expect(toNested(await model.call(frame))).toEqual(toNested(frame));
  });

  test('bytes that are something else are a bad reply, with what they are', async () => {
    const dialect = dialects.prefixed({ bytes: 4 });
    const text: ArrayCodec = {
      name: 'text',
      carries: 'array',
      encode: () => ({ message: [Buffer.from('sorry!!')], kind: { dtype: 'uint8', shape: [7] } }),
      kindOf: () => ({ dtype: 'uint8', shape: [] }),
      decode: () => frame,
    };
    await using listener = await serve('tcp://127.0.0.1:0', { dialect, codec: text }, (input) => input);
    await using model = connect(listener.address, { dialect, codec });
    await expect(model.call(frame)).rejects.toMatchObject({ code: 'BRIDGE_BAD_REPLY', fault: 'peer' });
  });
});

// An archive is left out: its reader looks for the end of a zip from the back, as every reader of zips does.
test.each(one.filter(([name]) => name !== 'npzArray'))(
  '%s: a second message behind the first is refused, and not dropped',
  (name, codec) => {
    const bytes = joinMessage(codec.encode(frame, NO_LIMIT).message);
    // Twice the elements are a longer array, because this codec leaves an axis open.
    const two = name === 'raw' ? [bytes, Uint8Array.of(0)] : [bytes, bytes];
    expect(() => codec.decode(joinMessage(two))).toThrow();
  },
);

describe.each(['bfloat16', 'float8_e4m3fn'] as const)(
  '%s, which NumPy does not have and messages carry as void',
  (dtype) => {
    const short = array([1, 0.5, -2], { dtype });

    test.each<ArrayCodec>([
      codecs.npy,
      codecs.pickled(),
      codecs.npzArray({ name: 'frame' }),
      codecs.raw({ dtype, shape: [null] }),
      codecs.headed(jsonHeader),
    ])('%j decodes it if asked to', (codec) => {
      const bytes = joinMessage(codec.encode(short, NO_LIMIT).message);
      const back = codec.decode(bytes, { dtype });
      expect([dtypeOf(back), toNested(back)]).toEqual([dtype, [1, 0.5, -2]]);
    });

    test('a model and a server that declare it get it', async () => {
      await using server = await serve('memory:short', { input: { dtype } }, (frame) => {
        expect(dtypeOf(frame)).toBe(dtype);
        return frame;
      });
      await using model = connect(server.address, { output: { dtype, shape: [3] } });
      const reply = await model.call(short);
      expect([dtypeOf(reply), toNested(reply)]).toEqual([dtype, [1, 0.5, -2]]);
      await using other = await serve('memory:long', (frame) => array(frame, { dtype: 'float32' }));
      await using wrong = connect(other.address, { output: { dtype } });
      await expect(wrong.call([1])).rejects.toMatchObject({ code: 'BRIDGE_SCHEMA', fault: 'peer' });
    });

    test('a schema by name cannot declare it', () => {
      expect(() => connect('memory:x', { codec: codecs.npz, output: { boxes: { dtype } } })).toThrow(
        expect.objectContaining({
          code: 'BRIDGE_OPTION',
          detail: expect.objectContaining({ name: 'output.boxes.dtype' }),
        }),
      );
    });
  },
);

describe('npz', () => {
  test('an array may have the name data, as np.savez(file, data=x) writes it', async () => {
    await using server = await serve('memory:data', { codec: codecs.npz }, ({ data }) => ({ data: data as never }));
    await using model = connect(server.address, { codec: codecs.npz });
    const { data } = await model.call({ data: [1, 2] });
    expect(toNested(data as never)).toEqual([1, 2]);
    await expect(model.call({ data: Uint8Array.of(1), shape: [1] } as never)).rejects.toMatchObject({
      code: 'NPY_ARRAY',
    });
  });

  const { npz } = codecs;
  const image = array(new Uint8Array(12), [2, 2, 3]);
  const state = array([1, 2.5]);

  test('named arrays there and back, and their kinds on both sides', () => {
    const { message, kind } = npz.encode({ image, state }, NO_LIMIT);
    expect(kind).toEqual({ image: { dtype: 'uint8', shape: [2, 2, 3] }, state: { dtype: 'float64', shape: [2] } });
    const bytes = joinMessage(message);
    expect(npz.kindOf(bytes)).toEqual(kind);
    const back = npz.decode(bytes);
    expect(Object.keys(back)).toEqual(['image', 'state']);
    expect(toNested(back['state'] ?? frame)).toEqual([1, 2.5]);
  });

  test('a model that takes names and answers names, its schemas by name', async () => {
    const dialect = dialects.prefixed({ bytes: 8, codec: npz });
    const input = { image: { dtype: 'uint8', shape: [null, null, 3] }, state: { dtype: 'float64' } } as const;
    await using listener = await serve(
      'tcp://127.0.0.1:0',
      { dialect: dialects.prefixed({ bytes: 8 }), codec: npz, input },
      ({ image, state }) => ({ size: [image.size, state.size] }),
    );
    await using model = connect(listener.address, { dialect, codec: npz, input });
    const { size } = await model.call({ image, state });
    expect(toNested(size ?? frame)).toEqual([12, 2]);
    const refused = { code: 'BRIDGE_SCHEMA', fault: 'caller' };
    await expect(model.call({ image })).rejects.toMatchObject({ ...refused, message: /the array state is missing/ });
    await expect(model.call({ image, state, extra: state })).rejects.toMatchObject(refused);
    await expect(model.call({ image: state, state })).rejects.toMatchObject({ ...refused, detail: { array: 'image' } });
    const { input: declared } = model.schema;
    expect(declared).toEqual(input);
  });

  test("what is learnt is learnt of each name, and a listener's hosts are held against it", async () => {
    await using listener = await serve(
      'tcp://127.0.0.1:0',
      { codec: npz, dialect: dialects.prefixed({ bytes: 4 }) },
      (arrays) => arrays,
    );
    await using model = connect(listener.address, {
      dialect: dialects.prefixed({ bytes: 4 }),
      codec: npz,
      schema: 'learn',
    });
    await model.call({ image });
    expect(model.schema).toEqual({
      input: { image: { dtype: 'uint8', shape: [2, 2, 3] } },
      output: { image: { dtype: 'uint8', shape: [null, null, null] } },
    });
  });

  test('one array is refused by a codec that carries names, and names by one that carries an array', async () => {
    expect(() => npz.encode(frame as never, NO_LIMIT)).toThrow(/carries arrays by name, not /);
    expect(() => npz.encode({}, NO_LIMIT)).toThrow(/not an object without arrays: /);
    await using model = connect('tcp://127.0.0.1:1');
    await expect(model.call({ image, state } as never)).rejects.toMatchObject({
      code: 'NPY_ARRAY',
      message: expect.stringMatching(/codec npy carries one array, not an object with image .*codecs\.npz/),
    });
  });

  test('an array of objects is refused with its name', () => {
    const objects = { image, labels: array([{ a: 1 }], { dtype: 'object' }) };
    expect(() => encodeChecked(npz, objects, NO_LIMIT)).toThrow(
      expect.objectContaining({ code: 'BRIDGE_SCHEMA', detail: { side: 'input', array: 'labels' } }),
    );
  });

  test('names that objects have of themselves are names like others', () => {
    const arrays = Object.fromEntries([
      ['__proto__', state],
      ['toString', image],
    ]);
    const back = npz.decode(joinMessage(npz.encode(arrays, NO_LIMIT).message));
    expect(Object.keys(back).sort()).toEqual(['__proto__', 'toString']);
  });

  test('a pair without a codec for replies is for a model that answers nothing', async () => {
    const pair = { request: npz, reply: null } as const;
    const sent: Uint8Array[] = [];
    await using model = connect(
      {
        exchange: async (message) => {
          sent.push(joinMessage(message));
          return new Uint8Array(0);
        },
        close: async () => {},
        [Symbol.asyncDispose]: async () => {},
      },
      { codec: pair },
    );
    expect(await model.call({ image })).toBeUndefined();
    expect(npz.kindOf(sent[0] ?? new Uint8Array(0))).toEqual({ image: { dtype: 'uint8', shape: [2, 2, 3] } });
  });
});

describe('raw', () => {
  const pixels = codecs.raw({ dtype: 'uint8', shape: [2, 2, 3] });

  test('the message is the elements alone, in C order', () => {
    expect(
      joinMessage(
        pixels.encode(
          array(
            Uint8Array.from({ length: 12 }, (_, i) => i),
            [2, 2, 3],
          ),
          NO_LIMIT,
        ).message,
      ),
    ).toEqual(Uint8Array.from({ length: 12 }, (_, i) => i));
    const turned = frame.transpose(1, 0);
    const raw = codecs.raw({ dtype: '>f8', shape: [3, 2] });
    expect(toNested(raw.decode(joinMessage(raw.encode(turned, NO_LIMIT).message)))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
  });

  test('a typed array or a Buffer of as many elements needs no shape of its own', () => {
    expect(pixels.encode(Buffer.alloc(12), NO_LIMIT).kind).toEqual({ dtype: 'uint8', shape: [2, 2, 3] });
    expect(() => pixels.encode(Buffer.alloc(11), NO_LIMIT)).toThrow(/expected shape \(2, 2, 3\), got \(11\)/);
  });

  test.each([
    ['too few elements', new Uint8Array(5), 'BRIDGE_SCHEMA'],
    ['another dtype', new Uint16Array(6), 'BRIDGE_SCHEMA'],
    ['a DataView', new DataView(new ArrayBuffer(6)), 'NPY_ARRAY'],
  ])('a typed array that does not fit: %s', (_, input, code) => {
    const codec = codecs.raw({ dtype: 'uint8', shape: [2, 3] });
    expect(() => codec.encode(input as never, NO_LIMIT)).toThrow(expect.objectContaining({ code, fault: 'caller' }));
  });

  test('another dtype or shape is refused, and not converted', () => {
    const refused = expect.objectContaining({ code: 'BRIDGE_SCHEMA' });
    expect(() => pixels.encode(array(new Float32Array(12), [2, 2, 3]), NO_LIMIT)).toThrow(refused);
    expect(() => pixels.encode(array(new Uint8Array(12), [3, 2, 2]), NO_LIMIT)).toThrow(refused);
  });

  test('options that are invalid', () => {
    for (const options of [
      {},
      { dtype: 'uint8' },
      { dtype: 'uint8', shape: [null, null] },
      { dtype: 'uint8', shape: [0.5] },
    ]) {
      expect(() => codecs.raw(options as never)).toThrow(expect.objectContaining({ code: 'BRIDGE_OPTION' }));
    }
    expect(() => codecs.raw({ dtype: 'object', shape: [1] })).toThrow(expect.objectContaining({ code: 'NPY_OBJECTS' }));
  });
});

test('a pickled array is what pickle.dumps writes', () => {
  const small = array(new Uint8Array([1, 2, 3]), [3]);
  const pickleOf = (options: Parameters<typeof codecs.pickled>[0]): Uint8Array =>
    joinMessage(codecs.pickled(options).encode(small, NO_LIMIT).message);
  const view = { data: new Uint8Array([1, 2, 3]), shape: [3] };
  // By default the pickle has the names of NumPy 1, which every NumPy reads.
  expect(pickleOf({})).toEqual(encodePickle(view, { numpyCore: 'numpy.core' }));
  expect(pickleOf({ numpyCore: 'numpy._core' })).toEqual(encodePickle(view));
});

test('a relay whose hosts have one array and whose model has names is refused', async () => {
  await expect(
    relay('tcp://127.0.0.1:0', 'tcp://127.0.0.1:1', { codec: codecs.npz, hosts: { codec: codecs.npy } }),
  ).rejects.toMatchObject({ code: 'BRIDGE_OPTION' });
});

test('invalid codecs are refused', () => {
  for (const codec of [
    5,
    {},
    { request: codecs.npy, reply: 5 },
    { ...codecs.npy, decode: undefined },
    { carries: 'all' },
  ]) {
    expect(() => connect('tcp://127.0.0.1:1', { codec: codec as never })).toThrow(
      expect.objectContaining({ code: 'BRIDGE_OPTION' }),
    );
  }
});

test('a .npy message may not be longer than its array', () => {
  const bytes = new Uint8Array([...encode([1]), 0]);
  expect(() => codecs.npy.kindOf(bytes)).toThrow(/its header says/);
});
