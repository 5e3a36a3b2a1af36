// A listener on TCP for the tests of listeners, and a caller with correct requests.
import { expect, onTestFinished } from 'vitest';
import {
  type ListenLimits,
  listenTcp,
  type SocketDialect,
  type SocketListenOptions,
} from '../../src/carriers/tcp/tcp.ts';
import type { Handler, Listener } from '../../src/exchange/carrier.ts';
import { asciiLength } from '../../src/framing/ascii-length.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { everything, rawClient } from './raw-peer.ts';

/** The listener's dialect, unless a test has another one. */
export const dialect: SocketDialect = { request: asciiLength({ width: 10 }), reply: uintLength({ bytes: 4 }) };
const anyPort = { host: '127.0.0.1', port: 0 };
export const echo: Handler = async (request) => [request];

/** The arguments of a call of `onError`. */
interface Told {
  readonly error: unknown;
  readonly peer: string;
}

/** Listens on a port that the system chooses until the test is over. `told` has the calls of `onError`, unless `options` has its own. */
export async function tcpListener(
  handler: Handler,
  limits: Partial<ListenLimits> = {},
  options: Partial<SocketListenOptions> = {},
): Promise<{ listener: Listener; told: Told[] }> {
  const told: Told[] = [];
  const onError = (error: unknown, peer: string): void => void told.push({ error, peer });
  // close() waits only briefly for whatever a test leaves open.
  const quick = { closeMs: 50, ...limits };
  const listener = await listenTcp(anyPort, { dialect, onError, limits: quick, ...options }, handler);
  onTestFinished(() => listener.close());
  return { listener, told };
}

export const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
/** Returns the bytes of a request in `dialect`. */
export const framed = (text: string): Buffer => ascii(String(text.length).padEnd(10) + text);
/** Returns the bytes of a reply in `dialect`. */
export const replied = (text: string): Buffer => Buffer.concat([Uint8Array.of(0, 0, 0, text.length), ascii(text)]);

/** Resolves if the listener serves a caller with a correct request. */
export async function expectServed(listener: Listener): Promise<void> {
  const socket = await rawClient(listener.address);
  socket.write(framed('still there?'));
  expect(await everything(socket)).toEqual(replied('still there?'));
}
