// A listener runs in a separate process whose limit on file descriptors is lower than the number of its callers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { everything } from '../support/raw-peer.ts';

const LISTENER = fileURLToPath(new URL('./few-descriptors.mjs', import.meta.url));
/** Node itself uses about twenty of these descriptors. */
const DESCRIPTORS = 64;
const CALLERS = 200;

interface Listening {
  readonly where: NetConnectOpts;
  /** The errors that `onError` was called with so far. */
  readonly told: string[];
  readonly isAlive: () => boolean;
}

async function listenerProcess(over: 'TCP' | 'a Unix socket'): Promise<Listening> {
  const folder = mkdtempSync(join(tmpdir(), 'descriptors-'));
  const path = join(folder, 'listener.sock');
  const args = ['--conditions=@bridge/source', LISTENER, ...(over === 'TCP' ? [] : [path])];
  const child = spawn('sh', ['-c', `ulimit -n ${DESCRIPTORS}; exec "$@"`, 'sh', process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const told: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const [address] = await once(reader, 'line');
  reader.on('line', (line) => told.push(line));
  const where = over === 'TCP' ? { host: '127.0.0.1', port: Number(new URL(address).port) } : { path };
  return { where, told, isAlive: () => child.exitCode === null && child.signalCode === null };
}

function opened(where: NetConnectOpts): Socket {
  const socket = connect(where).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

async function isServed(where: NetConnectOpts): Promise<boolean> {
  const socket = opened(where);
  socket.write(Uint8Array.of(0, 0, 0, 2, 6, 7));
  return (await everything(socket)).equals(Uint8Array.of(0, 0, 0, 2, 6, 7));
}

test.each(['TCP', 'a Unix socket'] as const)(
  'over %s: 200 callers connect and send nothing, and 64 files may be open: the listener closes some, says so, and serves',
  async (over) => {
    const { where, told, isAlive } = await listenerProcess(over);
    expect(await isServed(where)).toBe(true);
    const callers = Array.from({ length: CALLERS }, () => opened(where).resume());
    await expect.poll(() => told).toContain('TRANSPORT_OVERLOADED descriptors');
    // The listener serves another caller while some of these callers are still connected …
    await expect.poll(() => isServed(where)).toBe(true);
    expect(callers.some((socket) => !socket.destroyed)).toBe(true);
    // … and after they have left, it serves every caller.
    for (const socket of callers) socket.destroy();
    await expect.poll(() => isServed(where)).toBe(true);
    for (let i = 0; i < 20; i++) expect(await isServed(where)).toBe(true);
    expect(isAlive()).toBe(true);
  },
);
