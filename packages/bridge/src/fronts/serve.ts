// The other direction: an unmodified Python host calls, TypeScript answers.
import type { AnyNdArray, ArrayInput } from '@bridge/npy';
import type { Listener, Message, PlatformSignal } from '@bridge/transport';
import { badRequest } from '../codecs/bad-message.ts';
import { checkDecoded, kindOfDecoded } from '../codecs/check-codec.ts';
import type { Codec, Named, NamedArraysCodec } from '../codecs/codec.ts';
import type { ArrayOf, KnownNames, NamedArraysOf, RequestCodec, SchemaIn, TellsNothing } from '../codecs/declared.ts';
import { checkDeclared, checkSchema, type Schema } from '../codecs/schema.ts';
import { checkFunction, type Names, optionsOf } from '../errors/options.ts';
import { platform } from '../platform/platform.ts';
import { checkHostOptions, HOSTS, type HostOptions, hostCodecs, type OnError } from '../targets/host-options.ts';
import { parseAddress } from '../targets/schemes.ts';
import { complaints } from './complaints.ts';

/** The second argument of a handler. */
export interface ServeContext {
  /**
   * Aborted when the host is gone, when the handler is late, and when the listener is closed and waits no longer. It is an AbortSignal:
   * `fetch(url, { signal })`.
   */
  readonly signal: PlatformSignal;
  /** The host's address. */
  readonly peer: string;
}

/**
 * Answers an array with an array (or named arrays with named arrays, where the codec carries names); or with nothing, where it returns
 * `undefined`: then no byte is written. A host in a dialect of one message a connection (`dialects.seed`) sees the connection closed
 * without a reply; one in a dialect that keeps it (`dialects.numpysocket`) hears nothing, and its next message is taken: the right way
 * to answer a host that reads no answers.
 * @typeParam Frame what hosts send: `NdArrayOf<'uint8'>` where `input: { dtype: 'uint8' }` was declared
 */
export type ArrayHandler<
  Frame = AnyNdArray,
  Answer extends ArrayInput | Named<ArrayInput> = ArrayInput,
  // biome-ignore lint/suspicious/noConfusingVoidType: a function without a return has this type
> = (input: Frame, context: ServeContext) => Answer | undefined | void | Promise<Answer | undefined | void>;

/** Options of `serve`. */
export interface ServeOptions extends HostOptions {
  /**
   * The arrays that hosts send: a schema, or one for each name where the codec carries names. Anything else is refused with BRIDGE_SCHEMA, and its
   * host's connection closed. A dtype that is said here types the handler's frame.
   */
  readonly input?: Schema | undefined;
  /**
   * Called for every request that failed: its bytes are no array (BRIDGE_BAD_REQUEST), its frame is invalid, its host went away, was too
   * slow or was one too many, or the handler threw, was late or answered with no array. The connection is closed, and serving goes
   * on. Default: a line by console.error, no more than twenty a second.
   */
  readonly onError?: OnError | undefined;
}

const SERVE: Names<ServeOptions> = { ...HOSTS, input: true, onError: true };

/** The handler that options of type `O` ask for: the codec and `input` say which. */
export type HandlerFor<O> =
  TellsNothing<O> extends true
    ? ArrayHandler
    : RequestCodec<O> extends NamedArraysCodec
      ? ArrayHandler<NamedArraysOf<SchemaIn<O, 'input'>>, Named<ArrayInput>>
      : ArrayHandler<ArrayOf<SchemaIn<O, 'input'>>>;

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
 * await using typed = await serve('tcp://127.0.0.1:6001', { input: { dtype: 'uint8' } }, (frame) => frame.data);
 */
export function serve(address: string, handler: ArrayHandler): Promise<Listener>;
export function serve<const O extends ServeOptions>(
  address: string,
  options: O & KnownNames<O, ServeOptions>,
  handler: HandlerFor<O>,
): Promise<Listener>;
export async function serve(address: string, ...rest: readonly unknown[]): Promise<Listener> {
  const [options, handler] = rest.length > 1 ? rest : [{}, rest[0]];
  checkFunction('handler', handler);
  const given = optionsOf<ServeOptions>('options', options as ServeOptions, SERVE);
  const { onError = complaints((line) => platform.console.error(`@bridge/bridge: ${line}`)), input, ...hosts } = given;
  checkFunction('onError', onError);
  const place = parseAddress(address);
  checkHostOptions(place.scheme.hostOptions, place.scheme.name, hosts);
  const codec = hostCodecs(hosts);
  const schema = checkDeclared('input', input, codec.request.carries);
  const answer = async (bytes: Uint8Array, context: ServeContext): Promise<Message | undefined> => {
    const frame = decodeRequest(bytes, codec.request, context.peer);
    if (schema) checkSchema('request', schema, kindOfDecoded(frame, codec.request));
    // The cast: the codec made what its handler takes.
    const output = await (handler as ArrayHandler<unknown>)(frame, context);
    return output === undefined ? undefined : codec.reply?.encode(output as never, Number.POSITIVE_INFINITY).message;
  };
  return await place.listen(hosts, onError, answer);
}

function decodeRequest(bytes: Uint8Array, codec: Codec, peer: string): AnyNdArray | Named<AnyNdArray> {
  try {
    const frame = codec.decode(bytes);
    checkDecoded(frame, codec, bytes.length);
    return frame;
  } catch (error) {
    throw badRequest(error, codec, { peer, bytes: bytes.length }, bytes);
  }
}
