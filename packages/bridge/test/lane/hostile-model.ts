// A model that is at war with its host: what it says on its lane, and what it puts into the folder, is the test's to choose.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { encodeHead, type LaneHead } from '../../src/lane/wire.ts';

/** A frame of a model's. */
export function frame(kind: LaneHead['kind'], body: string | Uint8Array = '', head: Partial<LaneHead> = {}): Buffer {
  const bytes = Buffer.from(body as string);
  return Buffer.concat([encodeHead({ kind, slot: 0, sequence: 1, length: bytes.length, ...head }), bytes]);
}

export const HELLO = frame('H', '{"lane":1,"pid":7,"python":"3.11.2"}', { sequence: 0 });

/** A folder for a lane, on memory unless said otherwise, gone with the test. */
export function laneFolder(where: 'memory' | 'disk' = 'memory'): string {
  const folder = mkdtempSync(join(where === 'memory' ? '/dev/shm' : tmpdir(), 'npbridge-hostile-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'lane.sock');
}

/** Listens at `path`; each host that comes is handed over. */
export async function hostileModel(path: string, meet: (host: Socket) => void): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    meet(socket);
  });
  server.listen(path);
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
}

/** Resolves to the rounds of this process's event loop that passed while `work` was going on: one if `work` blocked it. */
export async function roundsDuring(work: () => Promise<unknown>): Promise<number> {
  let rounds = 0;
  let immediate = setImmediate(function count() {
    rounds++;
    immediate = setImmediate(count);
  });
  await work();
  clearImmediate(immediate);
  return rounds;
}

/** Bytes that this process has read from files and sockets so far, by the kernel's own account. */
export function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'latin1'))?.[1]);
}
