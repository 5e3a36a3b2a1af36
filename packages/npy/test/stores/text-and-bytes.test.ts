// The stores of bytes, str and void pad values, refuse values that do not fit, and refuse invalid characters.
import { describe, expect, test } from 'vitest';
import { BytesStore, decode, encode, StrStore, toNested, VoidStore } from '../../src/core.ts';
import { fromNested } from '../../src/operations/nested.ts';
import { thrownBy } from '../support/npy-files.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('bytes', () => {
  test('lose the NULs at their end, and keep those inside', () => {
    const store = new BytesStore(4, ascii('ab\0\0a\0b\0\0\0\0\0abcd'));
    expect([...store].map((bytes) => Buffer.from(bytes).toString('latin1'))).toEqual(['ab', 'a\0b', '', 'abcd']);
  });

  test('are copies, also of a Buffer', () => {
    const raw = Buffer.from('abcd');
    const [first] = new BytesStore(2, raw);
    raw.fill(0);
    expect(first).toStrictEqual(ascii('ab'));
  });

  test('take bytes and ASCII, and fill up with NUL', () => {
    const store = new BytesStore(3, ascii('xxxxxx'));
    store.set(0, 'a');
    const gone = Uint8Array.of(1);
    structuredClone(gone, { transfer: [gone.buffer] });
    expect(thrownBy(() => store.set(1, gone))).toMatchObject({ code: 'NPY_ARRAY', fault: 'caller' });
    store.set(1, Uint8Array.of(255, 0, 1));
    expect(store.raw).toEqual(Uint8Array.of(97, 0, 0, 255, 0, 1));
  });

  test.each([['abcd'], ['é'], [Uint8Array.of(1, 2, 3, 4)], [5], [null], [[1]]])('cannot hold %o', (value) => {
    const store = new BytesStore(3, 1);
    expect(thrownBy(() => store.set(0, value as string))).toMatchObject({ code: 'NPY_VALUE', fault: 'caller' });
    expect(store.raw).toEqual(new Uint8Array(3));
  });

  test('of no width are as many as are asked for', () => {
    expect([...new BytesStore(0, 2)]).toEqual([new Uint8Array(0), new Uint8Array(0)]);
    expect(new BytesStore(0, new Uint8Array(0), 10 ** 12).length).toBe(10 ** 12);
  });
});

describe('void', () => {
  test('keeps every byte', () => {
    const store = new VoidStore(2, 2);
    store.set(1, Uint8Array.of(7, 0));
    expect(toNested({ data: store })).toEqual([Uint8Array.of(0, 0), Uint8Array.of(7, 0)]);
  });

  test.each([[Uint8Array.of(1)], [Uint8Array.of(1, 2, 3)], ['ab'], [5]])('of two bytes cannot hold %o', (value) => {
    expect(thrownBy(() => new VoidStore(2, 1).set(0, value as Uint8Array))).toMatchObject({ code: 'NPY_VALUE' });
  });
});

describe('str', () => {
  test('counts code points, loses the NULs at its end and keeps those inside', () => {
    const store = new StrStore(3, 4);
    for (const [i, text] of ['a\u{1f600}é', 'a\0b', '', '\ud800'].entries()) store.set(i, text);
    expect([...store]).toEqual(['a\u{1f600}é', 'a\0b', '', '\ud800']);
    expect(store.raw.slice(0, 3)).toEqual(Uint32Array.of(97, 0x1f600, 233));
    expect(store.raw.slice(9)).toEqual(Uint32Array.of(0xd800, 0, 0));
  });

  test('two halves of a pair read as the character that they make', () => {
    expect(new StrStore(2, Uint32Array.of(0xd83d, 0xde00)).get(0)).toBe('\u{1f600}');
  });

  test.each([['abcd'], [5], [null], [Uint8Array.of(1)]])('of three characters cannot hold %o', (value) => {
    expect(thrownBy(() => new StrStore(3, 1).set(0, value as string))).toMatchObject({ code: 'NPY_VALUE' });
  });

  test('a unit that is no character loads, and is refused when it is looked at', () => {
    const file = encode({ data: new StrStore(1, Uint32Array.of(0x110000)) });
    const view = decode(file, { dtype: 'str' });
    expect(view.data.length).toBe(1);
    expect(thrownBy(() => view.data.get(0))).toMatchObject({
      code: 'NPY_VALUE',
      fault: 'data',
      message: 'npy: the code point 0x110000 is above U+10FFFF',
    });
  });
});

describe('lists', () => {
  test('of text are as wide as the longest', () => {
    const view = fromNested([
      ['a', '\u{1f600}\u{1f600}'],
      ['', 'b'],
    ]);
    expect(view.data).toMatchObject({ dtype: 'str', descr: '<U2' });
    expect(toNested(view)).toEqual([['a', '\u{1f600}\u{1f600}'], ['', 'b']]); // biome-ignore format: one a line
    expect(fromNested([''])).toMatchObject({ data: { descr: '<U1' } });
  });

  test('take the width asked for, and the bytes in typed arrays', () => {
    expect(fromNested(['ab'], '<U5')).toMatchObject({ shape: [1], data: { descr: '<U5' } });
    expect(fromNested([ascii('ab'), 'c'], 'bytes')).toMatchObject({ shape: [2], data: { descr: '|S2' } });
    expect(fromNested(ascii('ab'), 'S4')).toMatchObject({ shape: [], data: { descr: '|S4' } });
    expect(fromNested([ascii('ab')], 'void')).toMatchObject({ shape: [1], data: { descr: '|V2' } });
    expect(thrownBy(() => fromNested(['abc'], '<U2'))).toMatchObject({ code: 'NPY_VALUE' });
    expect(thrownBy(() => fromNested([5], 'str'))).toMatchObject({ code: 'NPY_VALUE' });
  });

  test('a width changes where every text fits', () => {
    const file = encode(fromNested(['ab', 'c']), { descr: '<U4' });
    expect(toNested(decode(file))).toEqual(['ab', 'c']);
    expect(thrownBy(() => encode(fromNested(['ab']), { descr: '<U1' }))).toMatchObject({ code: 'NPY_VALUE' });
    expect(thrownBy(() => encode(fromNested(['1']), { dtype: 'float64' }))).toMatchObject({ code: 'NPY_VALUE' });
  });
});
