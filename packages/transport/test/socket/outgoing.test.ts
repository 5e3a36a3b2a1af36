// A message whose memory is taken away between being handed over and being written.
import { expect, test } from 'vitest';
import { Outgoing } from '../../src/socket/outgoing.ts';

const transfer = (bytes: Uint8Array<ArrayBuffer>): unknown =>
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
const written = (outgoing: Outgoing): Buffer => Buffer.concat([...outgoing.chunks()]);

test('untouched: the parts themselves, but for empty ones', () => {
  const parts = [Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)];
  const outgoing = new Outgoing(parts);
  expect(outgoing.lost).toBeUndefined();
  const chunks = [...outgoing.chunks()];
  expect(chunks).toHaveLength(2);
  expect(chunks[0]).toBe(parts[0]);
  expect(chunks[1]).toBe(parts[2]);
});

test('what little is in front of the last part is one piece; the last is never touched', () => {
  const last = Uint8Array.of(4);
  const [front, own, ...more] = new Outgoing([Uint8Array.of(1), Uint8Array.of(2, 3), last]).chunks();
  expect(front).toEqual(Buffer.of(1, 2, 3));
  expect(own).toBe(last);
  expect(more).toEqual([]);
  const large = new Uint8Array(2000);
  expect(new Outgoing([Uint8Array.of(1), large, last]).chunks()).toEqual([Uint8Array.of(1), large, last]);
});

test('transferred: as many zeros, and what is lost is told', () => {
  const gone = new Uint8Array(200_000).fill(7);
  const outgoing = new Outgoing([Uint8Array.of(1), gone, Uint8Array.of(2)]);
  transfer(gone);
  expect(outgoing.lost).toMatchObject({
    code: 'TRANSPORT_BAD_MESSAGE',
    fault: 'caller',
    detail: { part: 1, expected: 200_000, actual: 0 },
  });
  expect(written(outgoing)).toEqual(Buffer.concat([Buffer.of(1), Buffer.alloc(200_000), Buffer.of(2)]));
});

test('an empty part that is transferred changes nothing', () => {
  const empty = new Uint8Array(0);
  const outgoing = new Outgoing([empty, Uint8Array.of(2)]);
  transfer(empty);
  expect(outgoing.lost).toBeUndefined();
  expect(written(outgoing)).toEqual(Buffer.of(2));
});

test('a buffer that was made smaller is lost, one that was made larger is cut', () => {
  const memory = new ArrayBuffer(4, { maxByteLength: 8 });
  const outgoing = new Outgoing([new Uint8Array(memory).fill(5)]);
  memory.resize(8);
  expect(outgoing.lost).toBeUndefined();
  expect(written(outgoing)).toEqual(Buffer.of(5, 5, 5, 5));
  memory.resize(3);
  expect(outgoing.lost).toMatchObject({ detail: { part: 0, expected: 4, actual: 3 } });
  expect(written(outgoing)).toEqual(Buffer.alloc(4));
});
