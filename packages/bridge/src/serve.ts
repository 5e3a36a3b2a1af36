// The other direction: an unmodified Python host calls, TypeScript answers.
import { type AnyNdArray, type ArrayInput, decode, encodeParts } from '@bridge/npy';
import type { FrameLimits, Listener, Message, Signal } from '@bridge/transport';
import { parseAddress } from './address.ts';
import type { Dialect } from './dialects/dialect.ts';
import { dialects } from './dialects.ts';
import { BridgeError } from './errors.ts';
import { platform } from './platform.ts';

/** What a handler is told besides the array. */
export interface ServeContext {
  /** Aborted when the host is gone. */
  readonly signal: Signal;
  /** The host's address. */
  readonly peer: string;
}

/** Answers an array with an array. */
export type ArrayHandler = (input: AnyNdArray, context: ServeContext) => ArrayInput | Promise<ArrayInput>;

/** How to serve. */
export interface ServeOptions {
  /** What the hosts speak. Default: `dialects.seed`. */
  readonly dialect?: Dialect;
  /** Bounds on a request. Default: one gibibyte. */
  readonly limits?: Partial<FrameLimits>;
  /**
   * Told of every request that failed: bytes that are no array (BRIDGE_BAD_REQUEST), a broken frame, a handler that
   * threw, a host that went away. Its connection is closed and serving goes on. Default: printed by console.error.
   */
  readonly onError?: (error: unknown, peer: string) => void;
}

/**
 * Listens at `tcp://host:port` (port 0: any free one) and answers each request with what `handler` returns. One message a
 * connection, which is closed behind the reply: a host that reads up to the end sees it.
 *
 * @throws BridgeError BRIDGE_TARGET; TransportError TRANSPORT_ADDRESS when the address cannot be listened on
 * @example
 * await using listener = await serve('tcp://127.0.0.1:6000', (frame) => findBoxes(frame));
 */
export async function serve(address: string, handler: ArrayHandler, options: ServeOptions = {}): Promise<Listener> {
  const { dialect = dialects.seed, limits } = options;
  const onError =
    options.onError ?? ((error, peer) => platform.console.error(`@bridge/bridge: request of ${peer}:`, error));
  const endpoint = parseAddress(address);
  const { listenTcp } = await import('@bridge/transport/tcp');
  const answer = async (request: Uint8Array, context: ServeContext): Promise<Message> =>
    encodeParts(await handler(decodeRequest(request), context));
  return listenTcp(endpoint, { dialect, onError, ...(limits && { limits }) }, answer);
}

function decodeRequest(request: Uint8Array): AnyNdArray {
  try {
    return decode(request);
  } catch (cause) {
    const { message } = cause as Error;
    throw new BridgeError('BRIDGE_BAD_REQUEST', `the request is not one .npy array: ${message}`, {}, { cause });
  }
}
