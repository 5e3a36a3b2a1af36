// The stream in which Docker sends a program's two outputs is decoded, wherever its chunks are cut.
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { HeadedStream } from '../../src/launch/docker/container/headed-stream.ts';
import { demultiplexer } from '../../src/launch/docker/container/multiplexed.ts';

const frame = fc.record({
  source: fc.constantFrom('stdout' as const, 'stderr' as const),
  bytes: fc.uint8Array({ maxLength: 40 }),
});

function multiplexed(frames: readonly { source: 'stdout' | 'stderr'; bytes: Uint8Array }[]): Buffer {
  return Buffer.concat(
    frames.map(({ source, bytes }) => {
      const head = Buffer.alloc(8);
      head[0] = source === 'stdout' ? 1 : 2;
      head.writeUInt32BE(bytes.length, 4);
      return Buffer.concat([head, bytes]);
    }),
  );
}

test.prop([fc.array(frame), fc.array(fc.nat({ max: 30 }))])('both outputs come whole and in order', (frames, sizes) => {
  const got = { stdout: [] as number[], stderr: [] as number[] };
  const streams = demultiplexer((source, bytes) => got[source].push(...bytes));
  let rest: Uint8Array = multiplexed(frames);
  for (const size of sizes) {
    streams.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  streams.push(rest);
  for (const source of ['stdout', 'stderr'] as const) {
    expect(got[source]).toEqual(frames.filter((each) => each.source === source).flatMap(({ bytes }) => [...bytes]));
  }
});

test.prop([fc.array(fc.uint8Array({ maxLength: 10 }))])(
  'every body ends once, the empty ones too, byte by byte',
  (bodies) => {
    const ended: number[] = [];
    let bytes = 0;
    const stream = new HeadedStream({
      headBytes: 1,
      bodyBytes: (head) => head.getUint8(0),
      piece: (_, piece, last) => {
        bytes += piece.length;
        if (last) ended.push(bytes);
        if (last) bytes = 0;
      },
    });
    for (const body of bodies) for (const byte of [body.length, ...body]) stream.push(Uint8Array.of(byte));
    expect(ended).toEqual(bodies.map(({ length }) => length));
  },
);
