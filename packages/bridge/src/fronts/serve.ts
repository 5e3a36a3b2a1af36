// `serve`: answers the arrays of hosts, which are programs that call, such as an unmodified Python client, by a TypeScript function.
import type { AnyNdArray, ArrayInput } from '@bridge/npy';
import type { Listener, Message, PlatformSignal } from '@bridge/transport';
import { badRequest } from '../codecs/bad-message.ts';
import { decodeDeclared, encodeChecked, kindOfDecoded } from '../codecs/checked-messages.ts';
import type { Codec, MessageArrays, Named, NamedArraysCodec } from '../codecs/codec.ts';
import { checkDeclared, checkSchema, type Schema } from '../codecs/schema.ts';
import type {
  ArrayOf,
  KnownNames,
  NamedArraysOf,
  RequestCodec,
  SchemaIn,
  TellsNothing,
} from '../codecs/types-from-options.ts';
import { checkFunction, type Names, optionsOf } from '../errors/options.ts';
import { platform } from '../platform/platform.ts';
import { HOSTS, type HostOptions, hostCodecs, hostsAt } from '../targets/host-options.ts';
import { parseAddress } from '../targets/parse-address.ts';
import type { OnError } from '../targets/scheme.ts';
import { printFailures } from './default-on-error.ts';

/** The second argument of a handler. */
export interface ServeContext {
  /**
   * Aborts when the host has gone, when the handler has taken longer than `limits.handlerMs`, and when the listener was closed and
   * `limits.closeMs` has passed. An AbortSignal: `fetch(url, { signal })`.
   */
  readonly signal: PlatformSignal;
  /** The host's address. */
  readonly peer: string;
}

/**
 * Answers an array with an array, or a record of arrays with a record if the codec carries named arrays. If the handler returns undefined,
 * no byte is sent, which is right for hosts that read no answers. If the dialect has one message for each connection (`dialects.seed`), the
 * connection is then closed without a reply; if it has persistent connections (`dialects.numpysocket`), the next message is read.
 * @typeParam Frame the type of the hosts' arrays: `NdArrayOf<'uint8'>` if `input: { dtype: 'uint8' }` was declared
 */
export type ArrayHandler<
  Frame = AnyNdArray,
  Answer extends ArrayInput | Named<ArrayInput> = ArrayInput,
  // biome-ignore lint/suspicious/noConfusingVoidType: a function without a return has this type
> = (input: Frame, context: ServeContext) => Answer | undefined | void | Promise<Answer | undefined | void>;

/** Options of `serve`. */
export interface ServeOptions extends HostOptions {
  /**
   * The arrays that hosts may send: a schema, or one for each name if the codec carries named arrays. Any other array is rejected with
   * BRIDGE_SCHEMA, and its host's connection is closed. A dtype that is declared here is also the type of the handler's argument.
   */
  readonly input?: Schema | undefined;
  /**
   * Called for every request that failed: its bytes are not a valid array (BRIDGE_BAD_REQUEST), its framing is invalid, its host has gone,
   * was too slow or exceeded a limit, or the handler threw, took too long or did not return an array. The connection is closed, and the
   * listener goes on. Default: prints a line by console.error, at most twenty a second.
   */
  readonly onError?: OnError | undefined;
}

const SERVE: Names<ServeOptions> = { ...HOSTS, input: true, onError: true };

/** The type of the handler for options of type `O`. It follows from the codec and `input`. */
export type HandlerFor<O> =
  TellsNothing<O> extends true
    ? ArrayHandler
    : RequestCodec<O> extends NamedArraysCodec
      ? ArrayHandler<NamedArraysOf<SchemaIn<O, 'input'>>, Named<ArrayInput>>
      : ArrayHandler<ArrayOf<SchemaIn<O, 'input'>>>;

/**
 * Listens at `tcp://host:port` (port 0: any free port), `unix:///path` or `unix:@name`, and answers each request with the result of
 * `handler`. A connection is closed after its first reply, so that hosts may read up to its end, unless the dialect has persistent
 * connections. Nothing that a host does stops the listener, and `close()` resolves within `limits.closeMs`. Every request that arrived
 * whole is handled, even if its host has gone meanwhile: then `signal` is aborted.
 *
 * @throws BridgeError BRIDGE_TARGET, BRIDGE_OPTION; TransportError TRANSPORT_ADDRESS if the address cannot be listened on,
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
  const {
    onError = printFailures((line) => platform.console.error(`@bridge/bridge: ${line}`)),
    input,
    ...ofHosts
  } = given;
  checkFunction('onError', onError);
  const hosts = hostsAt(parseAddress(address), ofHosts, { prefix: '', limits: {} });
  const codec = hostCodecs(ofHosts.codec, hosts);
  const schema = checkDeclared('input', input, codec.request.carries);
  const answer = async (bytes: Uint8Array, context: ServeContext): Promise<Message | undefined> => {
    const frame = decodeRequest(bytes, codec.request, schema, context.peer);
    if (schema) checkSchema('request', schema, kindOfDecoded(frame, codec.request));
    // The cast: `HandlerFor` gives the handler the type of what the codec decodes.
    const output = await (handler as ArrayHandler<unknown>)(frame, context);
    if (output === undefined || !codec.reply) return undefined;
    return encodeChecked(codec.reply, output, Number.POSITIVE_INFINITY).message;
  };
  return await hosts.listen(onError, answer);
}

function decodeRequest(bytes: Uint8Array, codec: Codec, schema: Schema | undefined, peer: string): MessageArrays {
  try {
    return decodeDeclared(codec, bytes, schema);
  } catch (error) {
    throw badRequest(error, codec, { peer, bytes: bytes.length }, bytes);
  }
}
