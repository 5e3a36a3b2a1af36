// A hostile model: each test chooses the frames that it sends and the files that it puts into its lane's folder.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { encodeHead, type LaneHead } from '../../src/lane/frames.ts';

/** Returns a frame as a model sends it. */
export function frame(kind: LaneHead['kind'], body: string | Uint8Array = '', head: Partial<LaneHead> = {}): Buffer {
  const bytes = Buffer.from(body as string);
  return Buffer.concat([encodeHead({ kind, slot: 0, sequence: 1, length: bytes.length, ...head }), bytes]);
}

export const HELLO = frame('H', '{"lane":1,"pid":7,"python":"3.11.2"}', { sequence: 0 });

/** Returns the path of a lane's socket in a new folder, on tmpfs unless `where` is `disk`. The folder is removed after the test. */
export function laneFolder(where: 'memory' | 'disk' = 'memory'): string {
  const folder = mkdtempSync(join(where === 'memory' ? '/dev/shm' : tmpdir(), 'npbridge-hostile-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'lane.sock');
}

/** Listens at `path`, and calls `meet` with each host that connects. */
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

/** Resolves with the number of rounds of this process's event loop while `work` ran: one if `work` blocked it. */
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

/** Returns the number of bytes that this process has read from files and sockets so far, as the kernel counts them. */
export function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'latin1'))?.[1]);
}
