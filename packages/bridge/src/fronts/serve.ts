// The other direction: an unmodified Python host calls, TypeScript answers.
import { type AnyNdArray, type ArrayInput, isNpyError } from '@bridge/npy';
import type { Listener, Message, Signal } from '@bridge/transport';
import { badRequest } from '../codecs/bad-message.ts';
import { decodeArray } from '../codecs/decode-array.ts';
import { ANSWER, checkOneArray, encodeOne } from '../codecs/one-array.ts';
import { checkFunction, optionsOf } from '../errors/options.ts';
import { platform } from '../platform/platform.ts';
import { complaints } from './complaints.ts';
import { HOSTS, type HostOptions, listenAt, type OnError } from './listen-at.ts';

/** What a handler is told besides the array. */
export interface ServeContext {
  /** Aborted when the host is gone, when the handler is late, and when the listener is closed and waits no longer. */
  readonly signal: Signal;
  /** The host's address. */
  readonly peer: string;
}

/**
 * Answers an array with an array; or with nothing, where it returns `undefined`: then no byte is written. A host in a dialect of
 * one message a connection (`dialects.seed`) sees the connection closed without a reply; one in a dialect that keeps
 * it (`dialects.numpysocket`) hears nothing, and its next message is taken: the right way to answer a host that reads no answers.
 */
export type ArrayHandler = (
  input: AnyNdArray,
  context: ServeContext,
  // biome-ignore lint/suspicious/noConfusingVoidType: a function without a return has this type
) => ArrayInput | undefined | void | Promise<ArrayInput | undefined | void>;

/** How to serve. */
export interface ServeOptions extends HostOptions {
  /**
   * Told of every request that failed: bytes that are no array (BRIDGE_BAD_REQUEST), a broken frame, a host that went away,
   * was too slow or one too many, a handler that threw, was late or answered with no array. Its connection is closed and
   * serving goes on. Default: a line by console.error, and no more than twenty a second.
   */
  readonly onError?: OnError;
}

/**
 * Listens at `tcp://host:port` (port 0: any free one), `unix:///path` or `unix:@name`, and answers each request with what
 * `handler` returns. One message a connection, which is closed behind the reply, unless the dialect keeps it: a host that
 * reads up to the end sees it. Nothing that a host does ends it, and `close()` comes to an end within `limits.closeMs`. Every
 * request that came whole is handled, also where its host has left since: `signal` is aborted then.
 *
 * @throws BridgeError BRIDGE_TARGET, BRIDGE_OPTION; TransportError TRANSPORT_ADDRESS when the address cannot be listened on,
 *   TRANSPORT_BAD_ADDRESS, TRANSPORT_BAD_OPTION
 * @example
 * await using listener = await serve('tcp://127.0.0.1:6000', (frame) => findBoxes(frame));
 */
export async function serve(address: string, handler: ArrayHandler, options: ServeOptions = {}): Promise<Listener> {
  checkFunction('handler', handler);
  const { onError = complaints((line) => platform.console.error(`@bridge/bridge: ${line}`)), ...hosts } =
    optionsOf<ServeOptions>('options', options, { ...HOSTS, onError: true });
  const answer = async (request: Uint8Array, context: ServeContext): Promise<Message | undefined> => {
    const output = await handler(decodeRequest(request, context.peer), context);
    if (output === undefined) return undefined;
    checkOneArray(ANSWER, output);
    return encodeOne(ANSWER, output);
  };
  return await listenAt(address, hosts, onError, answer);
}

function decodeRequest(request: Uint8Array, peer: string): AnyNdArray {
  try {
    return decodeArray(request);
  } catch (error) {
    throw isNpyError(error) ? badRequest(error, { peer, bytes: request.length }, request) : error;
  }
}
