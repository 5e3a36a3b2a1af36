// A program may transfer the memory of a message between handing it over and its being written.
import { expect, test } from 'vitest';
import { OutgoingMessage } from '../../src/stream/outgoing-message.ts';

const transfer = (bytes: Uint8Array<ArrayBuffer>): unknown =>
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
const written = (outgoing: OutgoingMessage): Buffer => Buffer.concat(outgoing.chunks(0, outgoing.bytes));

test('an unchanged message is written as its own parts, without empty ones', () => {
  const parts = [Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)];
  const outgoing = new OutgoingMessage(parts);
  outgoing.check();
  const chunks = outgoing.chunks(0, outgoing.bytes);
  expect(chunks).toHaveLength(2);
  expect(chunks[0]).toBe(parts[0]);
  expect(chunks[1]).toBe(parts[2]);
});

test('small parts in front of the last one are joined; the last one is never copied', () => {
  const last = Uint8Array.of(4);
  const [front, own, ...more] = new OutgoingMessage([Uint8Array.of(1), Uint8Array.of(2, 3), last]).chunks(0, 4);
  expect(front).toEqual(Buffer.of(1, 2, 3));
  expect(own).toBe(last);
  expect(more).toEqual([]);
  const large = new Uint8Array(2000);
  expect(new OutgoingMessage([Uint8Array.of(1), large, last]).chunks(0, 2002)).toEqual([Uint8Array.of(1), large, last]);
});

test('a transferred part: zeros in its place, and the loss is reported', () => {
  const gone = new Uint8Array(200_000).fill(7);
  const outgoing = new OutgoingMessage([Uint8Array.of(1), gone, Uint8Array.of(2)]);
  transfer(gone);
  const lost = {
    code: 'TRANSPORT_BAD_MESSAGE',
    fault: 'caller',
    detail: { part: 1, expected: 200_000, actual: 0 },
  };
  expect(() => outgoing.check()).toThrow(expect.objectContaining(lost));
  expect(written(outgoing)).toEqual(Buffer.concat([Buffer.of(1), Buffer.alloc(200_000), Buffer.of(2)]));
  expect(outgoing.lost).toMatchObject(lost);
});

test('an empty part that is transferred changes nothing', () => {
  const empty = new Uint8Array(0);
  const outgoing = new OutgoingMessage([empty, Uint8Array.of(2)]);
  transfer(empty);
  outgoing.check();
  expect(written(outgoing)).toEqual(Buffer.of(2));
  expect(outgoing.lost).toBeUndefined();
});

test('a range of a message has the bytes of each part that lie in it', () => {
  const parts = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3, 4, 5), Uint8Array.of(6)];
  const outgoing = new OutgoingMessage(parts);
  const whole = Buffer.concat(parts);
  for (let start = 0; start <= whole.length; start++) {
    for (let end = start; end <= whole.length; end++) {
      expect(Buffer.concat(outgoing.chunks(start, end))).toEqual(whole.subarray(start, end));
    }
  }
  expect(outgoing.chunks(2, 5)[0]).toBe(parts[2]);
});

test('a part that was transferred: zeros wherever its bytes are written, and then the part counts as lost', () => {
  const gone = Uint8Array.of(3, 4, 5);
  const outgoing = new OutgoingMessage([Uint8Array.of(1, 2), gone, Uint8Array.of(6)]);
  transfer(gone);
  expect(Buffer.concat(outgoing.chunks(0, 2))).toEqual(Buffer.of(1, 2));
  expect(outgoing.lost).toBeUndefined();
  expect(Buffer.concat(outgoing.chunks(1, 4))).toEqual(Buffer.of(2, 0, 0));
  expect(outgoing.lost?.detail).toMatchObject({ part: 1 });
  expect(Buffer.concat(outgoing.chunks(4, 6))).toEqual(Buffer.of(0, 6));
});
