// Framings and decoders refuse invalid arguments before they write or read a byte.
import { describe, expect, test } from 'vitest';
import { asciiLength } from '../../src/framing/ascii-length.ts';
import { FrameAssembler } from '../../src/framing/assembler.ts';
import { decimalLength } from '../../src/framing/decimal-length.ts';
import { checkDialect } from '../../src/framing/dialect/dialect.ts';
import { fixedLength } from '../../src/framing/fixed-length.ts';
import type { FrameDecoder } from '../../src/framing/framing.ts';
import { type FrameLimits, resolveFrameLimits } from '../../src/framing/limits.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { untilClose } from '../../src/framing/until-close.ts';

const dialect = { request: uintLength({ bytes: 4 }), reply: uintLength({ bytes: 4 }) };

const refused = (option: string) =>
  expect.objectContaining({
    name: 'TransportError',
    code: 'TRANSPORT_BAD_OPTION',
    fault: 'caller',
    message: expect.stringContaining(option),
    detail: expect.objectContaining({ option, expected: expect.any(String) }),
  });

const decoders: [name: string, make: (limits?: Partial<FrameLimits>) => FrameDecoder][] = [
  ['asciiLength', asciiLength({ width: 4 }).decoder],
  ['uintLength', uintLength({ bytes: 4 }).decoder],
  ['decimalLength', decimalLength({ end: ':' }).decoder],
  ['untilClose', untilClose().decoder],
  ['FrameAssembler', (limits) => new FrameAssembler(() => undefined, limits)],
];

describe('framings', () => {
  test.each([0, -1, 1.5, 9, Number.NaN, Infinity, '4', undefined, null])('uintLength of %j bytes', (bytes) => {
    expect(() => uintLength({ bytes: bytes as number })).toThrow(refused('bytes'));
  });

  test.each(['middle', '', 'BIG', 5])('uintLength, %j end first', (endian) => {
    expect(() => uintLength({ bytes: 4, endian: endian as 'big' })).toThrow(refused('endian'));
  });

  test.each([0, -1, 1.5, 1025, 400_000, Number.NaN, '10', undefined])('asciiLength of width %j', (width) => {
    expect(() => asciiLength({ width: width as number })).toThrow(refused('width'));
  });

  test.each(['', '::', '5', '0', '€', 'é', '😀', 58, undefined, null])('decimalLength to %j', (end) => {
    expect(() => decimalLength({ end: end as string })).toThrow(refused('end'));
  });

  test('an unknown option is refused: a misspelt byte order would read other lengths', () => {
    const misspelt = { bytes: 4, endain: 'little' };
    expect(() => uintLength(misspelt)).toThrow(
      'options has "endain", which is not known: expected bytes, endian. Did you mean `endian`?',
    );
    expect(() => uintLength({ bytes: 4, order: 'little' } as never)).toThrow(/expected bytes, endian$/);
    expect(() => uintLength({ bytes: 4, endain: undefined } as never)).toThrow(/Did you mean `endian`/);
    expect(() => uintLength(misspelt)).toThrow(
      expect.objectContaining({
        code: 'TRANSPORT_BAD_OPTION',
        detail: { option: 'options.endain', expected: ['bytes', 'endian'], nearest: 'endian' },
      }),
    );
  });

  test('no options at all, or something else', () => {
    for (const framing of [uintLength, asciiLength, decimalLength] as ((options: never) => unknown)[]) {
      expect(() => framing(undefined as never)).toThrow(expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' }));
      expect(() => framing(null as never)).toThrow(expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' }));
      expect(() => framing(10 as never)).toThrow(refused('options'));
    }
  });

  test.each([
    ['asciiLength', asciiLength({ width: 4 })],
    ['uintLength', uintLength({ bytes: 4 })],
    ['decimalLength', decimalLength({ end: ':' })],
    ['untilClose', untilClose()],
  ])('%s of what is no message', (_, framing) => {
    const none = expect.objectContaining({ name: 'TransportError', code: 'TRANSPORT_BAD_MESSAGE', fault: 'caller' });
    for (const junk of [undefined, null, 5, 'text', {}, new Uint8Array(3), ['text'], [[1]], [null]])
      expect(() => framing.encode(junk as never)).toThrow(none);
  });

  test('the widest that there is reads what it writes', () => {
    const framing = asciiLength({ width: 1024 });
    const wire = Buffer.concat(framing.encode([Uint8Array.of(1, 2)]));
    expect(wire).toHaveLength(1026);
    expect(framing.decoder().push(wire)).toEqual(Uint8Array.of(1, 2));
  });

  test('every mark that is allowed reads what it writes', () => {
    for (let mark = 0; mark < 128; mark++) {
      const end = String.fromCharCode(mark);
      if (/\d/.test(end)) continue;
      const framing = decimalLength({ end });
      expect(framing.decoder().push(Buffer.concat(framing.encode([Uint8Array.of(1, 2)])))).toEqual(Uint8Array.of(1, 2));
    }
  });
});

describe.each(decoders)('limits of %s', (_, make) => {
  test.each([Number.NaN, -1, -Infinity, '100', {}, 10n])('a bound of %s', (maxMessageBytes) => {
    expect(() => make({ maxMessageBytes: maxMessageBytes as number })).toThrow(refused('limits.maxMessageBytes'));
  });

  test('invalid limits', () => {
    expect(() => make(5 as never)).toThrow(refused('limits'));
    for (const none of [undefined, null, {}, { maxMessageBytes: null }])
      expect(make(none as never).pendingBytes).toBe(0);
  });

  test.each(['text', [1, 2], new ArrayBuffer(2), null, 5, new Uint16Array(2)])('a chunk of %j', (chunk) => {
    expect(() => make().push(chunk as never)).toThrow(refused('chunk'));
  });

  test.each([-1, 1.5, Number.NaN, 2 ** 31, '5', undefined])('%j bytes written to the memory lent', (bytes) => {
    const decoder = make();
    const room = decoder.space().length;
    expect(() => decoder.filled(bytes as number)).toThrow(refused('bytes'));
    expect(() => decoder.filled(room + 1)).toThrow(refused('bytes'));
    expect(decoder.pendingBytes).toBe(0);
  });
});

test.each([
  ['maxMesageBytes', 'maxMessageBytes'],
  ['maxmessagebytes', 'maxMessageBytes'],
  ['maxBytes', undefined],
])('a limit by the name %s: %s is meant', (name, nearest) => {
  expect(() => resolveFrameLimits({ [name]: 5 })).toThrow(
    expect.objectContaining({
      code: 'TRANSPORT_BAD_OPTION',
      message: nearest ? expect.stringContaining(`Did you mean \`${nearest}\`?`) : expect.not.stringContaining('mean'),
    }),
  );
});

test('the limits in force', () => {
  expect(resolveFrameLimits()).toEqual({ maxMessageBytes: 2 ** 30 });
  expect(resolveFrameLimits({ maxMessageBytes: 0 })).toEqual({ maxMessageBytes: 0 });
  expect(resolveFrameLimits({ maxMessageBytes: Infinity })).toEqual({ maxMessageBytes: Infinity });
});

test.each<[() => unknown, string]>([
  [() => checkDialect('dialect', { ...dialect, exchange: ['reply', 'request'] }), 'got ["reply", "request"]'],
  [() => checkDialect('dialect', { ...dialect, exchange: [] }), 'got an empty list'],
  [() => checkDialect('dialect', { ...dialect, exchange: Array(9).fill('reply') }), 'got a list'],
  [
    () => checkDialect('dialect', { ...dialect, opening: [{ from: 'listener' }] }, 'caller'),
    'dialect.opening[0].message must be the expected bytes, unless there is a `framing`, got undefined',
  ],
  [
    () => checkDialect('dialect', { ...dialect, opening: [{ from: 'caller' }] }, 'caller'),
    'dialect.opening[0].message must be the bytes to send, got undefined',
  ],
  [
    () => uintLength({ bytes: 4 }).encode(new Uint8Array(3) as never),
    'a message must be a list of Uint8Arrays, got an object (Uint8Array): put it into a list, [bytes]',
  ],
  [() => fixedLength({ bytes: 4 }).encode([new Uint8Array(5)]), 'must have 4 bytes, and this one has 5'],
  [
    () => new FrameAssembler(() => ({ skip: 0, length: -1 })).push(new Uint8Array(5)),
    'a measure function returned { skip: 0, length: -1 }: expected whole numbers from 0, one of them above 0',
  ],
])('what came and what was expected are said: %#', (use, message) => {
  expect(use).toThrow(message);
});
