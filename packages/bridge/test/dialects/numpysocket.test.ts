// Messages of numpysocket: digits, a colon, and an archive with one array.
import { encodeNpz } from '@bridge/npy/npz';
import { joinMessage } from '@bridge/transport';
import { expect, test } from 'vitest';
import { numpysocket } from '../../src/dialects/numpysocket.ts';
import type { codecs } from '../../src/index.ts';

const frame = { data: Float32Array.from({ length: 50 }, (_, i) => i), shape: [50] };

test('the bytes are the length of an archive in the plain form, a colon, and the archive', () => {
  const { request } = numpysocket.codec as { request: typeof codecs.npy };
  const wire = Buffer.from(joinMessage(numpysocket.request.encode(request.encode(frame, 1e9).message)));
  const colon = wire.indexOf(0x3a);
  const archive = wire.subarray(colon + 1);
  expect(wire.subarray(0, colon).toString()).toBe(String(archive.length));
  expect(archive.equals(encodeNpz({ frame }, { form: 'plain' }))).toBe(true);
});

test('an array whose len() is zero, which ends the connection, is refused', () => {
  const { request } = numpysocket.codec as { request: typeof codecs.npy };
  for (const empty of [{ data: new Uint8Array(0), shape: [0, 3] }, 5]) {
    expect(() => request.encode(empty, 1e9)).toThrow(expect.objectContaining({ code: 'BRIDGE_SCHEMA' }));
  }
});
