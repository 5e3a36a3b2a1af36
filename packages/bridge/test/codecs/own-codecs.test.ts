// A user can make codecs from two functions, or from a header in front of bare elements. A framing reads such a header to find the
// message's end.
import { array, dtypeOf, toNested } from '@bridge/npy';
import { joinMessage } from '@bridge/transport';
import { describe, expect, test } from 'vitest';
import { encodeChecked } from '../../src/codecs/checked-messages.ts';
import {
  type ArrayCodec,
  codecs,
  connect,
  dialects,
  headedMessage,
  type NamedArraysCodec,
  relay,
  serve,
} from '../../src/index.ts';
import { jsonHeader } from './json-header.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const NO_LIMIT = Number.POSITIVE_INFINITY;
const rows = [
  [1, 2, 3],
  [4, 5, 6],
];
const pixels = array(rows, { dtype: 'uint8' });

describe('custom', () => {
  const json = codecs.custom({
    name: 'json',
    encode: (frame) => JSON.stringify(toNested(frame)),
    decode: (message) => JSON.parse(text(message)),
  });

  test('an array there and back', () => {
    const { message, kind } = json.encode(pixels, NO_LIMIT);
    expect(text(joinMessage(message))).toBe('[[1,2,3],[4,5,6]]');
    expect(kind).toEqual({ dtype: 'uint8', shape: [2, 3] });
    expect(json.kindOf(joinMessage(message))).toEqual({ dtype: 'float64', shape: [2, 3] });
    expect(toNested(json.decode(joinMessage(message)))).toEqual(rows);
  });

  test('bytes and parts are sent as they are', () => {
    const decode = (): number[] => [1];
    const one = codecs.custom({ encode: () => Uint8Array.of(7), decode });
    const two = codecs.custom({ encode: () => [Uint8Array.of(7), Uint8Array.of(8)], decode });
    expect(one.encode([1], NO_LIMIT).message).toEqual([Uint8Array.of(7)]);
    expect(two.encode([1], NO_LIMIT).message).toEqual([Uint8Array.of(7), Uint8Array.of(8)]);
  });

  test('what is not carried is refused, with its code', () => {
    const encode =
      (input: unknown, most = NO_LIMIT) =>
      () =>
        encodeChecked(json, input, most);
    expect(encode({ image: pixels })).toThrow(expect.objectContaining({ code: 'NPY_ARRAY' }));
    expect(encode(array([{ a: 1 }], { dtype: 'object' }))).toThrow(expect.objectContaining({ code: 'NPY_OBJECTS' }));
    expect(encode(pixels, 10)).toThrow(expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE' }));
    expect(() => json.decode(bytes('[1]'), { dtype: 'uint8' })).toThrow(expect.objectContaining({ code: 'NPY_DTYPE' }));
  });

  test('options are checked', () => {
    const decode = (): number[] => [1];
    for (const options of [{}, { decode }, { encode: 1, decode }, { encode: decode, decode, nome: 'x' }]) {
      expect(() => codecs.custom(options as never)).toThrow(expect.objectContaining({ code: 'BRIDGE_OPTION' }));
    }
  });

  test('a message that its own function cannot read is a bad reply, with the reason', async () => {
    const dialect = dialects.prefixed({ bytes: 4 });
    await using listener = await serve('tcp://127.0.0.1:0', { dialect }, () => [1]);
    await using model = connect(listener.address, { dialect, codec: { request: codecs.npy, reply: json } });
    const failure = { code: 'BRIDGE_BAD_REPLY', message: expect.stringContaining('a message of the codec json: ') };
    await expect(model.call([1])).rejects.toMatchObject(failure);
  });
});

describe('a codec that would carry Python objects', () => {
  const objects = array([{ a: 1 }], { dtype: 'object' });
  /** Encodes anything as one byte, and decodes every message to an array of objects. */
  const careless: ArrayCodec = {
    name: 'careless',
    carries: 'array',
    encode: () => ({ message: [Uint8Array.of(7)], kind: { dtype: 'uint8', shape: [1] } }),
    kindOf: () => ({ dtype: 'object', shape: [1] }),
    decode: () => objects,
  };
  const dialect = dialects.prefixed({ bytes: 4 });
  const named: NamedArraysCodec = {
    ...careless,
    carries: 'named arrays',
    encode: () => ({ message: [Uint8Array.of(7)], kind: {} }),
    kindOf: () => ({}),
    decode: () => ({ labels: objects }),
  };

  test('a model sends it none, and a reply with objects is a bad reply', async () => {
    await using listener = await serve('tcp://127.0.0.1:0', { dialect }, () => [1]);
    for (const [codec, input, code] of [
      [careless, objects, 'NPY_OBJECTS'],
      [named, { labels: objects }, 'BRIDGE_SCHEMA'],
    ] as const) {
      await using model = connect(listener.address, { dialect, codec: { request: codec, reply: codecs.npy } as never });
      await expect(model.call(input as never)).rejects.toMatchObject({ code, fault: 'caller' });
      await using answered = connect(listener.address, { dialect, codec: { request: codecs.npy, reply: codec } });
      const refused = { code: 'BRIDGE_BAD_REPLY', cause: { code: 'NPY_OBJECTS' } };
      await expect(answered.call([1])).rejects.toMatchObject(refused);
    }
  });

  test('a server answers with none, and takes none', async () => {
    const failures: unknown[] = [];
    const onError = (error: unknown): void => void failures.push(error);
    const reply = { request: codecs.npy, reply: careless };
    await using listener = await serve('tcp://127.0.0.1:0', { dialect, codec: reply, onError }, () => objects);
    await using taking = await serve('tcp://127.0.0.1:0', { dialect, codec: careless, onError }, () => [1]);
    for (const { address } of [listener, taking]) {
      await using model = connect(address, { dialect });
      await expect(model.call([1])).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    }
    expect(failures).toMatchObject([
      { code: 'NPY_OBJECTS' },
      { code: 'BRIDGE_BAD_REQUEST', cause: { code: 'NPY_OBJECTS' } },
    ]);
  });

  test('a relay passes none on', async () => {
    const failures: unknown[] = [];
    const onError = (error: unknown): void => void failures.push(error);
    await using listener = await serve('tcp://127.0.0.1:0', { dialect }, () => [1]);
    const from = { request: careless, reply: codecs.npy };
    const by = { request: codecs.npy, reply: careless };
    await using ofHosts = await relay('tcp://127.0.0.1:0', listener.address, {
      dialect,
      hosts: { codec: from },
      onError,
    });
    await using ofModel = await relay('tcp://127.0.0.1:0', listener.address, {
      dialect,
      codec: by,
      hosts: { codec: codecs.npy },
      onError,
    });
    for (const { address } of [ofHosts, ofModel]) {
      await using model = connect(address, { dialect });
      await expect(model.call([1])).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    }
    expect(failures).toMatchObject([
      { code: 'BRIDGE_BAD_REQUEST', cause: { code: 'NPY_OBJECTS' } },
      { code: 'BRIDGE_BAD_REPLY', cause: { code: 'NPY_OBJECTS' } },
    ]);
  });
});

describe('a codec that breaks its contract', () => {
  const right = { name: 'own', carries: 'array', kindOf: codecs.npy.kindOf } as const;
  const { encode, decode } = codecs.npy;
  const named = { ...codecs.npz, name: 'own' };

  test.each<[string, unknown]>([
    ['encode gives nothing', { ...right, decode, encode: () => undefined }],
    ['encode gives no kind', { ...right, decode, encode: () => ({ message: [] }) }],
    ['encode gives text', { ...right, decode, encode: () => ({ message: 'text', kind: {} }) }],
    ['encode gives a promise', { ...right, decode, encode: async () => encode([1], NO_LIMIT) }],
    ['decode gives nothing', { ...right, encode, decode: () => undefined }],
    ['decode gives a number', { ...right, encode, decode: () => 5 }],
    ['decode gives a list', { ...right, encode, decode: () => [1] }],
    ['decode gives a number for names', { ...named, decode: () => 5 }],
    ['decode gives a number by name', { ...named, decode: () => ({ a: 5 }) }],
  ])('%s: the call is rejected with BRIDGE_OPTION, and the codec is named', async (_, codec) => {
    const isNamed = (codec as NamedArraysCodec).carries === 'named arrays';
    const served = isNamed ? { codec: codecs.npz } : {};
    await using server = await serve('memory:contract', served as object, (frame: unknown) => frame as never);
    await using model = connect(server.address, { codec: codec as ArrayCodec });
    await expect(model.call((isNamed ? { a: [1] } : [1]) as never)).rejects.toMatchObject({
      code: 'BRIDGE_OPTION',
      message: expect.stringContaining('the codec own returned'),
    });
  });

  test.each([
    ['null', null],
    ['an object without a prototype', Object.create(null)],
    ['a symbol', Symbol('odd')],
  ])('decode throws %s: the reply is bad', async (_, thrown) => {
    const throws = (): never => {
      throw thrown;
    };
    await using server = await serve('memory:throws', (frame) => frame);
    await using model = connect(server.address, { codec: { ...right, encode, decode: throws } });
    await expect(model.call([1])).rejects.toMatchObject({ code: 'BRIDGE_BAD_REPLY' });
  });

  test.each([undefined, 5, [Uint8Array.of(1)]])('a header that is %j is BRIDGE_OPTION', (result) => {
    const codec = codecs.headed({ ...jsonHeader, encode: () => result as never });
    expect(() => codec.encode([1], NO_LIMIT)).toThrow(
      expect.objectContaining({ code: 'BRIDGE_OPTION', message: expect.stringContaining('header.encode returned') }),
    );
  });
});

describe('headed', () => {
  const header = jsonHeader;
  const codec = codecs.headed(header);
  const wire = '{"dtype":"uint8","shape":[2,3]}\n\x01\x02\x03\x04\x05\x06';

  test('an array there and back', () => {
    const { message, kind } = codec.encode(pixels, NO_LIMIT);
    expect(text(joinMessage(message))).toBe(wire);
    expect(kind).toEqual({ dtype: 'uint8', shape: [2, 3] });
    expect(codec.kindOf(bytes(wire))).toEqual(kind);
    expect(toNested(codec.decode(bytes(wire)))).toEqual(rows);
  });

  test('a header may spell the dtype as NumPy does, and have no axis at all', () => {
    const big = codec.decode(bytes('{"dtype":">u2","shape":[2]}\n\0\x01\x01\0'));
    expect([dtypeOf(big), ...big.data]).toEqual(['uint16', 1, 256]);
    expect(codec.decode(bytes('{"dtype":"|u1","shape":[]}\n\x07')).get()).toBe(7);
  });

  test('elements are in C order, whatever the order in memory', () => {
    const { message } = codec.encode(pixels.transpose(1, 0), NO_LIMIT);
    expect(text(joinMessage(message))).toBe('{"dtype":"uint8","shape":[3,2]}\n\x01\x04\x02\x05\x03\x06');
  });

  test('the framing cuts them apart, whole and byte by byte', () => {
    const framing = headedMessage(header);
    const two = bytes(`${wire}{"dtype":"uint8","shape":[0]}\n{"dtype":"uint8","shape":[1]}\nx`);
    const whole = framing.decoder();
    const parts = [whole.push(two), whole.push(), whole.push()].map((each) => each && text(each));
    expect(parts).toEqual([wire, '{"dtype":"uint8","shape":[0]}\n', '{"dtype":"uint8","shape":[1]}\nx']);
    const slow = framing.decoder();
    const came = [...two].flatMap((byte) => slow.push(Uint8Array.of(byte)) ?? []);
    expect(came.map(text)).toEqual(parts);
  });

  test.each([
    ['no JSON', '<html>\n'],
    ['an unknown dtype', '{"dtype":"u9","shape":[1]}\n'],
    ['objects', '{"dtype":"object","shape":[1]}\n'],
    ['a negative size', '{"dtype":"uint8","shape":[-1]}\n'],
    ['a shape that is text', '{"dtype":"uint8","shape":"1"}\n'],
    ['more elements than there are numbers', '{"dtype":"uint8","shape":[9007199254740991,9]}\n'],
    ['no shape', '{"dtype":"uint8"}\n'],
    ['no end', 'x'.repeat(70_000)],
  ])('%s is a broken frame', (_, sent) => {
    expect(() => headedMessage(header).decoder().push(bytes(sent))).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BAD_FRAME', fault: 'peer' }),
    );
  });

  test('a declared size meets the limit before memory is taken', () => {
    const decoder = headedMessage(header).decoder({ maxMessageBytes: 1000 });
    expect(() => decoder.push(bytes('{"dtype":"uint8","shape":[2000]}\n'))).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE' }),
    );
  });

  test.each([
    ['ends inside its header', '{"dtype":"uint8"'],
    ['has fewer bytes than its header says', wire.slice(0, -1)],
    ['has more', `${wire}x`],
  ])('a message that %s is refused', (_, sent) => {
    expect(() => codec.kindOf(bytes(sent))).toThrow(/it (ends inside its header|has \d+ bytes)/);
    expect(() => codec.decode(bytes(sent))).toThrow(/it (ends inside its header|has \d+ bytes)/);
  });

  test('what is not carried is refused, with its code', () => {
    const encode =
      (input: unknown, most = NO_LIMIT) =>
      () =>
        codec.encode(input as never, most);
    expect(encode(['text'])).toThrow(expect.objectContaining({ code: 'NPY_DESCR' }));
    expect(encode(array([{ a: 1 }], { dtype: 'object' }))).toThrow(expect.objectContaining({ code: 'NPY_OBJECTS' }));
    expect(encode(pixels, 30)).toThrow(expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE' }));
    expect(() => codec.decode(bytes(wire), { dtype: 'int8' })).toThrow(expect.objectContaining({ code: 'NPY_DTYPE' }));
  });

  test('the functions are checked', () => {
    for (const wrong of [{}, { encode: header.encode }, { ...header, length: 1 }]) {
      expect(() => codecs.headed(wrong as never)).toThrow(expect.objectContaining({ code: 'BRIDGE_OPTION' }));
      expect(() => headedMessage(wrong as never)).toThrow(expect.objectContaining({ code: 'BRIDGE_OPTION' }));
    }
  });

  test('a header that cannot be read is a bad reply of a model, with the reason', async () => {
    const framing = headedMessage(header);
    const other = dialects.prefixed({ bytes: 4 });
    const dialect = { request: other.request, reply: framing };
    await using listener = await serve('tcp://127.0.0.1:0', { dialect: other }, () => array(new Uint8Array(2000)));
    await using model = connect(listener.address, { dialect, codec: { request: codecs.npy, reply: codec } });
    await expect(model.call([1])).rejects.toMatchObject({ code: 'BRIDGE_BAD_REPLY', fault: 'peer' });
  });
});
