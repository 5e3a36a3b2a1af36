// Messages of numpysocket: hostile zips, and the checksum with and without the platform's.
import { crc32 as zlibCrc32 } from 'node:zlib';
import { encode } from '@bridge/npy';
import { encodeNpz } from '@bridge/npy/npz';
import { joinMessage } from '@bridge/transport';
import { describe, expect, test } from 'vitest';
import { crc32, crc32ByTable } from '../../src/codecs/crc32.ts';
import { dialects } from '../../src/dialects/named.ts';

const framing = dialects.numpysocket.request;
const npy = encode(Float32Array.from({ length: 50 }, (_, i) => i));
const wire = joinMessage(framing.encode([npy.subarray(0, 100), npy.subarray(100)]));
const zip = wire.subarray(wire.indexOf(0x3a) + 1);

/** Decodes `zip`, changed by `change`, as a message. */
function decoded(change: (bytes: Buffer, end: number, central: number) => Uint8Array | undefined = () => undefined) {
  const bytes = Buffer.from(zip);
  const end = bytes.length - 22;
  const changed = change(bytes, end, bytes.readUInt32LE(end + 16)) ?? bytes;
  return framing.decoder().push(Buffer.concat([Buffer.from(`${changed.length}:`), changed]));
}

test('there and back, whole and byte by byte, one behind the other', () => {
  expect(decoded()).toEqual(npy);
  const decoder = framing.decoder();
  const messages: Uint8Array[] = [];
  for (const byte of [...wire, ...wire]) {
    const message = decoder.push(Uint8Array.of(byte));
    if (message) messages.push(message);
  }
  expect(messages).toEqual([npy, npy]);
  expect(decoder.end()).toBeUndefined();
});

test('the bytes are those of an archive in the plain form', () => {
  const frame = { data: Float32Array.from({ length: 50 }, (_, i) => i) };
  expect(Buffer.from(zip).equals(encodeNpz({ frame }, { form: 'plain' }))).toBe(true);
});

describe('invalid zips', () => {
  test.each([
    ['no end', (bytes: Buffer, end: number) => void bytes.writeUInt32LE(0, end)],
    ['too short', () => new Uint8Array(10)],
    ['another name', (bytes: Buffer, _: number, central: number) => void bytes.write('other', central + 46)],
    ['compressed', (bytes: Buffer, _: number, central: number) => void bytes.writeUInt16LE(8, central + 10)],
    ['a directory outside', (bytes: Buffer, end: number) => void bytes.writeUInt32LE(0xffff_0000, end + 16)],
    [
      'a header outside',
      (bytes: Buffer, _: number, central: number) => void bytes.writeUInt32LE(0xffff_0000, central + 42),
    ],
    [
      'a member that is too long',
      (bytes: Buffer, _: number, central: number) => void bytes.writeUInt32LE(1e6, central + 24),
    ],
    ['a wrong checksum', (bytes: Buffer) => void bytes.writeUInt8(1 ^ bytes.readUInt8(200), 200)],
    [
      'a name that ends outside',
      (bytes: Buffer, _: number, central: number) => void bytes.writeUInt16LE(0xffff, central + 28),
    ],
  ])('%s', (_, change) => {
    expect(() => decoded(change)).toThrow(expect.objectContaining({ code: 'TRANSPORT_BAD_FRAME', fault: 'peer' }));
  });
});

test("checksums equal zlib's, in one piece and in parts", () => {
  for (const bytes of [new Uint8Array(0), Uint8Array.of(0), npy]) {
    for (const checksum of [crc32, crc32ByTable]) {
      expect(checksum(bytes)).toBe(zlibCrc32(bytes));
      expect(checksum(bytes.subarray(5), checksum(bytes.subarray(0, 5)))).toBe(zlibCrc32(bytes));
    }
  }
});
