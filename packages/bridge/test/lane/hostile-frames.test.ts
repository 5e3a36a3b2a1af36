// A model sends frames to hurt its host. Each gives one error with a code, and the host goes on.

import { writeFileSync } from 'node:fs';
import { array, encode } from '@bridge/npy';
import type { TransportError } from '@bridge/transport';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../../../transport/test/support/failure.ts';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { connect } from '../../src/index.ts';
import type { LaneHead } from '../../src/lane/frames.ts';
import { type Lane, lane, openLane } from '../../src/lane/lane.ts';
import { bytesRead, frame, HELLO, hostileModel, laneFolder } from './hostile-model.ts';

const REPLY = encode(array([1, 2, 3]));

/** Returns a lane whose model sends its hello and answers the first request with `said`. */
async function saying(...said: readonly Uint8Array[]): Promise<Lane> {
  const path = laneFolder();
  await hostileModel(path, (host) => {
    host.write(HELLO);
    host.once('data', () => {
      for (const each of said) host.write(each);
    });
  });
  const made = lane(path, { dialect: dialects.seed });
  onTestFinished(() => made.close());
  return made;
}

const head = (some: Partial<LaneHead> & Pick<LaneHead, 'kind'>): Uint8Array => frame(some.kind, '', some);

describe('instead of a reply', () => {
  test.each([
    ['last words of 2^50 bytes', [head({ kind: 'X', length: 2 ** 50 })], /text of 1125899906842624 bytes/],
    ['a reason of 65537 bytes', [head({ kind: 'D', length: 65_537 })], /text of 65537 bytes/],
    ['a second hello', [HELLO], /hello twice/],
    ['an end of another request', [head({ kind: 'E', sequence: 2 })], /answered request 2/],
    ['a part of another reply', [frame('R', 'abc', { sequence: 0 })], /answered request 0/],
    ['a reply in memory that was not lent for it', [head({ kind: 'S', slot: 7, length: 3 })], /file 7/],
    [
      'memory that it answers in twice',
      [frame('R', REPLY.subarray(0, 7)), head({ kind: 'S', slot: 1, length: 3 })],
      /file 1/,
    ],
    ['busy, behind its hello', [head({ kind: 'B' })], /has another host/],
    ['a part of a reply that has no bytes', [head({ kind: 'R' })], /no bytes/],
    ['the same in memory', [head({ kind: 'S', slot: 1 })], /no bytes/],
    ['a request', [frame('Q', 'abc')], /request/],
    ['HTTP', [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')], /not a frame/],
  ] as [string, Uint8Array[], RegExp][])('%s', async (_, said, message) => {
    const carrier = await saying(...said);
    const error = await failure(carrier.exchange([REPLY]));
    expect(error).toMatchObject({ code: 'TRANSPORT_BAD_FRAME', fault: 'peer' });
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(500);
  });

  test('a reply to a call that was not made breaks the lane for the next one', async () => {
    const carrier = await saying(frame('R', REPLY), frame('E'), frame('R', REPLY, { sequence: 2 }));
    expect(await carrier.exchange([REPLY])).toEqual(REPLY);
    // The carrier opens a new lane after one has broken.
    await expect.poll(() => carrier.exchange([REPLY]).then(String, ({ code }) => code)).toBe(String(REPLY));
  });

  test('last words and reasons of 64 KiB are taken', async () => {
    const died = await failure((await saying(frame('X', 'x'.repeat(65_536)))).exchange([REPLY]));
    expect(died).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY', detail: { died: true } });
    expect(died.message).toMatch(/ died of xxx/);
    const carrier = await saying(frame('D', 'y'.repeat(65_536), { sequence: 0 }));
    const declined = await failure(carrier.exchange([REPLY]));
    expect(declined).toMatchObject({ code: 'TRANSPORT_UNREACHABLE', detail: { declined: 'y'.repeat(65_536) } });
    expect(declined.message.length).toBeLessThan(700);
  });

  test('a model that claims that it never took a request that it has begun to answer is not believed', async () => {
    const carrier = await saying(frame('R', REPLY.subarray(0, 9)), frame('X', '', { sequence: 0 }));
    expect(await failure(carrier.exchange([REPLY]))).toMatchObject({ code: 'TRANSPORT_CLOSED_INSIDE_REPLY' });
  });

  test('a reply that is refused and has no end breaks the lane', async () => {
    const path = laneFolder();
    let closed = false;
    await hostileModel(path, (host) => {
      host.write(HELLO);
      host.once('data', () => {
        const part = frame('R', new Uint8Array(1_000_000));
        const more = (error?: unknown): void => {
          if (!error) host.write(part, more);
        };
        more();
      });
      host.once('close', () => {
        closed = true;
      });
    });
    const carrier = lane(path, { dialect: dialects.seed, limits: { maxMessageBytes: 10_000_000 } });
    onTestFinished(() => carrier.close());
    await using model = connect(carrier);
    await expect(model.call(array([1]))).rejects.toMatchObject({ code: 'BRIDGE_BAD_REPLY' });
    await expect.poll(() => closed).toBe(true);
  });
});

describe('instead of a hello', () => {
  test.each([
    ['text of 2^50 bytes', head({ kind: 'H', sequence: 0, length: 2 ** 50 })],
    ['invalid JSON', frame('H', '{"lane":')],
    ['a hello of another lane', frame('H', '{"lane":2,"pid":7,"python":"3.11.2"}')],
    ['an end', head({ kind: 'E' })],
    ['part of a reply', frame('R', 'abc')],
  ])('%s: opening fails at once, with a code', async (_, said) => {
    const path = laneFolder();
    await hostileModel(path, (host) => host.write(said));
    const opening = openLane(path, { dialect: dialects.seed, signal: AbortSignal.timeout(60_000) });
    expect(await failure(opening)).toMatchObject({ code: 'TRANSPORT_BAD_FRAME' });
  });
});

describe('a reply in memory', () => {
  /**
   * Resolves with the reply to a request, or with its error. The model answers by the file that the host has lent it, after `how`
   * has changed that file.
   */
  async function answering(length: number, how: (file: string) => void): Promise<TransportError | Uint8Array> {
    const path = laneFolder();
    await hostileModel(path, (host) => {
      host.write(HELLO);
      host.once('data', (request: Buffer) => {
        const slot = request[1] ?? 0;
        how(`${path}.reply-${slot}`);
        host.write(frame('S', '', { slot, length }));
        host.write(frame('E'));
      });
    });
    const carrier = lane(path, { dialect: dialects.seed });
    onTestFinished(() => carrier.close());
    return await carrier.exchange([REPLY]).catch((error: TransportError) => error);
  }

  test('is read from its file', async () => {
    expect(await answering(REPLY.length, (file) => writeFileSync(file, REPLY, { flag: 'r+' }))).toEqual(REPLY);
  });

  const fs = import('node:fs');
  test.each([
    ['nothing was written', () => {}],
    ['it is short', (file: string) => writeFileSync(file, REPLY.subarray(0, 50), { flag: 'r+' })],
    [
      'another file was put in its place',
      async (file: string) => {
        (await fs).rmSync(file);
        writeFileSync(file, REPLY);
      },
    ],
  ] as [string, (file: string) => void][])('%s: one error with a code', async (_, how) => {
    for (const length of [REPLY.length, 5_000_000, 2 ** 50])
      expect(await answering(length, how)).toMatchObject({ code: 'TRANSPORT_BAD_FRAME', fault: 'peer' });
  });

  test('a file of 900 MB that consists of a hole takes no memory of the host', async () => {
    const { truncateSync } = await fs;
    const header = encode(array(new Uint8Array(4))).subarray(0, 128);
    const text = Buffer.from(header).toString('latin1').replace('(4,), }        ', '(900000000,), }');
    const before = bytesRead();
    const error = await answering(900_000_128, (file) => {
      writeFileSync(file, text, { flag: 'r+', encoding: 'latin1' });
      truncateSync(file, 900_000_128);
    });
    expect(error).toMatchObject({ code: 'TRANSPORT_BAD_FRAME', detail: { expected: 900_000_128 } });
    expect(bytesRead() - before).toBeLessThan(200e6);
  });
});
