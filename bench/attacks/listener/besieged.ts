// Hostile callers attack a listener while good hosts call it, with a connection for each message. The figures are the share of good
// requests that are served, and how evenly.
import { mkdtemp, rm } from 'node:fs/promises';
import type { NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Carrier, Listener } from '@bridge/transport';
import type { Tree } from '../attack.ts';
import type { Hostile, Misconduct } from './hostile-callers.ts';

export interface Siege {
  readonly conducts: readonly Misconduct[];
  readonly count: number;
  readonly halfBytes?: number;
  readonly limits?: Readonly<Record<string, number>>;
  /** The kind of socket. Default: TCP. */
  readonly over?: 'tcp' | 'unix' | 'relay';
}

/** The requests of the good hosts, and their outcomes. */
export interface Outcome {
  readonly asked: number;
  readonly served: number;
  /** The number of served requests of the host that was served least, divided by that of the host that was served most. */
  readonly evenness: number;
}

const GOOD_HOSTS = 8;
const SETTLE_MS = 2500;
const SIEGE_MS = 8000;
const PATIENCE_MS = 2000;
const PAUSE_MS = 10;
const MESSAGE_BYTES = 300_000;

/** Runs the siege against the sources of `tree`. */
export async function besiege(tree: Tree, siege: Siege): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'besieged-'));
  const { listener, where, carrier } = await listen(tree, siege, join(folder, 'served.sock'));
  const { conducts, count, halfBytes = 0 } = siege;
  const workerData: Hostile = { where, conducts, count, halfBytes };
  const worker = new Worker(new URL('./hostile-callers.ts', import.meta.url), { workerData });
  try {
    await delay(SETTLE_MS);
    const until = performance.now() + SIEGE_MS;
    const hosts = await Promise.all(Array.from({ length: GOOD_HOSTS }, () => call(carrier, until)));
    const served = hosts.map((host) => host.served);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
    return {
      asked: sum(hosts.map((host) => host.asked)),
      served: sum(served),
      evenness: Math.min(...served) / Math.max(1, ...served),
    };
  } finally {
    await worker.terminate();
    await listener.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function listen(
  tree: Tree,
  { over = 'tcp', limits = {} }: Siege,
  path: string,
): Promise<{ listener: Listener; where: NetConnectOpts; carrier: Carrier }> {
  const { asciiLength, uintLength } = await tree.load('@bridge/transport');
  const { listenTcp, tcp } = await tree.load('@bridge/transport/tcp');
  const { listenUnix, unix } = await tree.load('@bridge/transport/unix');
  const dialect = { request: asciiLength({ width: 10 }), reply: uintLength({ bytes: 4 }) };
  const options = { dialect, limits: { closeMs: 100, ...limits }, onError: () => {}, oneMessage: false };
  if (over === 'unix') {
    const listener = await listenUnix({ path }, options, async (request) => [request]);
    return { listener, where: { path }, carrier: unix({ path }, { dialect }) };
  }
  let listener: Listener;
  if (over === 'tcp') listener = await listenTcp({ host: '127.0.0.1', port: 0 }, options, async (request) => [request]);
  else {
    const { relay } = await tree.load('@bridge/bridge');
    const model = await listenTcp({ host: '127.0.0.1', port: 0 }, { dialect }, async (request) => [request]);
    const speaks = { name: 'attacked', ...dialect };
    listener = await relay('tcp://127.0.0.1:0', model.address, {
      dialect: speaks,
      shared: false,
      hosts: { dialect: { ...speaks, connection: 'persistent' }, limits: options.limits },
      onError: () => {},
    });
  }
  const address = { host: '127.0.0.1', port: Number(new URL(listener.address).port) };
  return { listener, where: address, carrier: tcp(address, { dialect: { ...dialect, close: 'reset' } }) };
}

async function call(carrier: Carrier, until: number): Promise<{ asked: number; served: number }> {
  let asked = 0;
  let served = 0;
  const message = new Uint8Array(MESSAGE_BYTES);
  while (performance.now() < until) {
    asked++;
    try {
      const reply = await carrier.exchange([message], { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (reply.length === MESSAGE_BYTES) served++;
    } catch {
      // The request was not served.
    }
    await delay(PAUSE_MS);
  }
  return { asked, served };
}
