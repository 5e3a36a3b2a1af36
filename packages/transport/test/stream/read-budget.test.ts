// One round of the event loop reads a limited number of bytes from all connections together.
import { expect, onTestFinished, test, vi } from 'vitest';
import { listenTcp } from '../../src/carriers/tcp/tcp.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { ReadBudget } from '../../src/stream/read-budget.ts';
import { everything, rawClient } from '../support/raw-peer.ts';

const PIECE = 65_536;
const IN_A_ROUND = 32;
const nextRound = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('after two mebibytes in a round further connections wait, and continue in order, a limited number in each round', async () => {
  const round = new ReadBudget();
  const wentOn: number[] = [];
  for (let i = 1; i < IN_A_ROUND; i++) expect(round.took(PIECE, () => wentOn.push(-1))).toBe(true);
  for (let i = 0; i < 50; i++) expect(round.took(PIECE, () => wentOn.push(i))).toBe(false);
  // A piece that is smaller than the buffer has emptied its socket, so this connection need not wait.
  expect(round.took(PIECE - 1, () => wentOn.push(-1))).toBe(true);
  expect(wentOn).toEqual([]);
  await nextRound();
  expect(wentOn).toEqual(Array.from({ length: IN_A_ROUND }, (_, i) => i));
  expect(round.took(PIECE, () => wentOn.push(50))).toBe(true);
  await nextRound();
  expect(wentOn).toEqual(Array.from({ length: 50 }, (_, i) => i));
  await nextRound();
  expect(round.took(PIECE, () => {})).toBe(true);
});

test('large messages of many hosts at once come whole', async () => {
  const dialect = { request: uintLength({ bytes: 4 }), reply: uintLength({ bytes: 4 }) };
  const sums: number[] = [];
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, { dialect }, async (request) => {
    sums.push(new Set(request).size === 1 ? (request[0] ?? -1) : -1);
    return [request.subarray(0, 1)];
  });
  onTestFinished(() => listener.close());
  const bytes = 3_000_000;
  await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      const socket = await rawClient(listener.address);
      const frame = Buffer.alloc(4 + bytes, i);
      frame.writeUInt32BE(bytes);
      socket.write(frame);
      expect(await everything(socket)).toEqual(Buffer.of(0, 0, 0, 1, i));
    }),
  );
  expect(sums.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
});

test('bytes that a host sends behind its answered request count as well, and are read to the end and dropped', async () => {
  const dialect = { request: uintLength({ bytes: 4 }), reply: uintLength({ bytes: 4 }) };
  const address = { host: '127.0.0.1', port: 0 };
  const listener = await listenTcp(address, { dialect, oneMessage: true }, async (request) => [request]);
  onTestFinished(() => listener.close());
  const took = vi.spyOn(ReadBudget.prototype, 'took');
  onTestFinished(() => took.mockRestore());
  const socket = await rawClient(listener.address);
  socket.write(Buffer.of(0, 0, 0, 1, 7));
  expect(await everything(socket)).toEqual(Buffer.of(0, 0, 0, 1, 7));
  const before = took.mock.calls.length;
  socket.end(Buffer.alloc(4_000_000));
  const pieces = (): number => took.mock.calls.slice(before).reduce((sum, [bytes]) => sum + bytes, 0);
  await expect.poll(pieces).toBe(4_000_000);
});
