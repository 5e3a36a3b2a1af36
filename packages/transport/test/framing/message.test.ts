// A message is a list of parts: its size, and the function that joins the parts.
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { checkMessage, copyMessage, joinMessage, messageBytes } from '../../src/framing/message.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test('the size of a message is that of all its parts', () => {
  expect(messageBytes([])).toBe(0);
  expect(messageBytes([bytes()])).toBe(0);
  expect(messageBytes([bytes(1), bytes(), bytes(2, 3)])).toBe(3);
  // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
  expect(() => messageBytes([bytes(1), , bytes(2)] as never)).toThrow(
    expect.objectContaining({ code: 'TRANSPORT_BAD_MESSAGE' }),
  );
});

test('parts are joined in order, into memory of exactly their size', () => {
  const joined = joinMessage([bytes(1), bytes(), bytes(2, 3)]);
  expect(joined).toEqual(bytes(1, 2, 3));
  expect(joined.buffer.byteLength).toBe(3);
  expect(joinMessage([])).toEqual(bytes());
});

test('a part that is a window on larger memory gives that window only', () => {
  const memory = bytes(9, 1, 2, 9);
  expect(joinMessage([memory.subarray(1, 3), memory.subarray(2, 3)])).toEqual(bytes(1, 2, 2));
});

test('a single part is not copied; several parts are joined in memory of their own', () => {
  const part = bytes(1, 2);
  expect(joinMessage([part])).toBe(part);
  const joined = joinMessage([part, part]);
  joined.fill(7);
  expect(part).toEqual(bytes(1, 2));
});

test('a copy is fresh memory, also of an only part', () => {
  const part = bytes(1, 2);
  const copy = copyMessage([part]);
  expect(copy).toEqual(part);
  expect(copy.buffer).not.toBe(part.buffer);
  expect(copyMessage([bytes(9, 1).subarray(1), bytes(2)])).toEqual(bytes(1, 2));
});

test('a part whose buffer was transferred or shrunk is invalid; an empty part is valid', () => {
  const transferred = new Uint8Array(4);
  structuredClone(transferred.buffer, { transfer: [transferred.buffer] });
  const memory = new ArrayBuffer(8, { maxByteLength: 8 });
  const shrunk = new Uint8Array(memory, 4, 4);
  const tracking = new Uint8Array(memory);
  memory.resize(2);
  for (const gone of [transferred, shrunk]) {
    expect(gone).toHaveLength(0);
    expect(() => checkMessage([bytes(1), gone])).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BAD_MESSAGE', detail: { part: 1, expected: undefined, actual: 0 } }),
    );
  }
  expect(() => checkMessage([tracking, new Uint8Array(0), bytes()])).not.toThrow();
});

test('a message from another realm is valid', () => {
  const foreign: unknown = runInNewContext('[new Uint8Array([1, 2])]');
  expect(foreign).not.toBeInstanceOf(Array);
  expect(() => checkMessage(foreign)).not.toThrow();
});
