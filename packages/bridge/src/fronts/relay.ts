// Messages from hosts to a model, with the guard between them. Whole messages or nothing: what a host began and did not
// finish never leaves this process, which is what a host that may be killed by force needs in front of its model.
//
//   hosts ──▶ listener: one whole message ──▶ guard: its turn ──▶ carrier ──▶ model
//         ◀── the whole reply, or the end of the connection ◀──────────────────┘
//
// A message is held once, in the memory into which it was read. The relay looks into it in two cases alone: where `input` says what it
// has to be, and where hosts and model have different codecs.
import type { HandlerContext, Listener, Message } from '@bridge/transport';
import { badReply, badRequest } from '../codecs/bad-message.ts';
import type { Codec, CodecPair } from '../codecs/codec.ts';
import { NO_OBJECTS, refuseObjects } from '../codecs/no-objects.ts';
import { checkDeclared, checkSchema, type MessageKind, type Schema } from '../codecs/schema.ts';
import { checkDialect } from '../dialects/check-dialect.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import { checkFunction, checkMs, checkOption, type Names, optionsOf } from '../errors/options.ts';
import type { Guard } from '../guard/guard.ts';
import { checkRetry, type Retry } from '../model/model.ts';
import { GUARDED, type GuardedOptions, openGuard, type Target } from '../model/open-guard.ts';
import { codeOf, Ledger, type Stats } from '../observe/ledger.ts';
import { platform } from '../platform/platform.ts';
import {
  checkHostOptions,
  HOSTS,
  type HostOptions,
  hostCodecs,
  listenLimits,
  type OnError,
} from '../targets/host-options.ts';
import { parseAddress } from '../targets/schemes.ts';
import { complaints } from './complaints.ts';
import { transcoder } from './transcode.ts';

/** Options of `relay`. The options that are not about hosts are about the model, as for `connect`. */
export interface RelayOptions extends GuardedOptions {
  /**
   * The dialect and the limits of the hosts. By default they speak what the model speaks. Their messages wait in the model's
   * queue (`queueLimit`), for as long as that takes; `handlerMs` bounds it.
   */
  readonly hosts?: HostOptions | undefined;
  /** The condition on which a message that was not answered is sent again: see Retry. Default `unseen`. */
  readonly retry?: Retry | undefined;
  /** The schema that messages must have; `{}` is any array but one of objects. Default: every whole message is relayed. */
  readonly input?: Schema | undefined;
  /** Called for every message that was not answered, with the reason. Default: a line by console.error, no more than twenty a second. */
  readonly onError?: OnError | undefined;
}

/** A relay at work. */
export interface Relay extends Listener {
  /** Counts and latencies of the messages so far: the account of a model, kept for all hosts. */
  readonly stats: Stats;
}

const RELAY: Names<RelayOptions> = { ...GUARDED, hosts: true, retry: true, input: true, onError: true };

const CLOSE_MS = 10_000;

/**
 * Listens at `from` and has every whole message answered by the model at `to`. A host that fails, in whatever way, costs
 * the model nothing: half of a message goes nowhere, and of a whole one that was begun the reply is read and dropped. A
 * message that cannot be answered ends its host's connection with nothing sent.
 *
 * Closing it stops listening, answers the messages that came whole, and waits for no more than `hosts.limits.closeMs`.
 *
 * @throws BridgeError BRIDGE_TARGET, BRIDGE_OPTION; TransportError TRANSPORT_ADDRESS, TRANSPORT_BAD_ADDRESS,
 *   TRANSPORT_BAD_OPTION
 * @example
 * await using relayed = await relay('unix:///run/model.sock', 'tcp://127.0.0.1:6000', { hosts: { permissions: 0o600 } });
 */
export async function relay(from: string, to: Target, options: RelayOptions = {}): Promise<Relay> {
  const given = optionsOf<RelayOptions>('options', options, RELAY);
  const { onError = complaints((line) => platform.console.error(`@bridge/bridge: ${line}`)) } = given;
  const address = parseAddress(from);
  const hosts = hostsOf(given, address.scheme.hostOptions);
  checkHostOptions(address.scheme.hostOptions, address.scheme.name, hosts);
  const hostLimits = listenLimits('hosts.limits', hosts.limits);
  const { closeMs = CLOSE_MS } = hostLimits;
  checkFunction('onError', onError);
  checkMs('hosts.limits.closeMs', closeMs);
  const retry = checkRetry(given.retry);
  const { guard, codec, maxMessageBytes } = openGuard(to, given);
  checkNotItself(address.text, guard);
  // Hosts that speak what the model speaks have its codec, too.
  const isSame = given.hosts?.dialect === undefined;
  const spoken = hostCodecs(isSame ? { ...hosts, codec: hosts.codec ?? codec } : hosts);
  const input = checkDeclared('input', given.input, spoken.request.carries);
  const translate = translator(spoken, codec, maxMessageBytes);
  const ledger = new Ledger();
  const answer = async (bytes: Uint8Array, { signal, peer }: HandlerContext): Promise<Message> => {
    const calledAt = platform.performance.now();
    ledger.calls++;
    if (input) admit(bytes, input, spoken.request, peer);
    const request = translate.request(bytes, peer);
    const reply = await guard.exchange({ message: () => request, signal, resend: retry });
    const answered = translate.reply(reply.bytes, reply.target);
    ledger.answered({
      target: reply.target,
      sentBytes: bytes.length,
      receivedBytes: reply.bytes.length,
      latencyMs: platform.performance.now() - calledAt,
      modelMs: reply.modelMs,
    });
    return answered;
  };
  const told: OnError = (error, peer) => {
    ledger.failed(codeOf(error));
    onError(error, peer);
  };
  // The guard has a queue and time limits of its own, so the listener has none for handlers.
  const limits = {
    maxHandlers: Number.POSITIVE_INFINITY,
    handlerMs: Number.POSITIVE_INFINITY,
    ...hostLimits,
    closeMs,
  };
  const listener = await address.listen({ ...hosts, limits }, told, answer);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= closeBoth(listener, guard, closeMs);
    return closed;
  };
  return {
    address: listener.address,
    get stats() {
      return ledger.stats(guard);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Returns the options of the hosts, with the model's dialect if they have none of their own and their scheme has dialects. */
function hostsOf({ hosts, dialect }: Partial<RelayOptions>, known: readonly string[]): HostOptions {
  const given = optionsOf<HostOptions>('hosts', hosts, HOSTS);
  if (given.dialect !== undefined)
    return { ...given, dialect: checkDialect('hosts.dialect', given.dialect, 'listener') };
  return dialect && known.includes('dialect') ? { ...given, dialect } : given;
}

/** Returns functions that convert requests from the hosts' codec to the model's, and replies the other way. */
function translator(
  hosts: CodecPair,
  model: CodecPair,
  maxMessageBytes: number,
): {
  readonly request: (bytes: Uint8Array, peer: string) => Message;
  readonly reply: (bytes: Uint8Array, target: string) => Message;
} {
  const silent = model.reply === null && hosts.reply !== null;
  checkOption('hosts', hosts.reply?.name, !silent, 'a dialect without replies, as the model gives none to hand on');
  const request = transcoder('hosts.codec', hosts.request, model.request, maxMessageBytes);
  const reply =
    model.reply && hosts.reply ? transcoder('codec', model.reply, hosts.reply, Number.POSITIVE_INFINITY) : undefined;
  return {
    request(bytes, peer) {
      try {
        return request(bytes);
      } catch (error) {
        throw badRequest(error, hosts.request, { peer, bytes: bytes.length }, bytes);
      }
    },
    reply(bytes, target) {
      try {
        return reply?.(bytes) ?? [bytes];
      } catch (error) {
        throw badReply(error, model.reply, { target, bytes: bytes.length }, bytes);
      }
    },
  };
}

/** @throws BridgeError BRIDGE_TARGET where messages would be handed on to the relay itself, for ever. Two names of one address are not told apart */
function checkNotItself(target: string, { health }: Guard): void {
  if (!health.some((replica) => replica.target === target)) return;
  const message = `${target} is both where the relay would listen and the model that it would call: they need addresses of their own`;
  throw new BridgeError('BRIDGE_TARGET', message, { target });
}

/** Closes the hosts' end first, then waits for what is still in the model's hands: messages of hosts that did not wait. */
async function closeBoth(listener: Listener, guard: Guard, closeMs: number): Promise<void> {
  const until = platform.performance.now() + closeMs;
  await listener.close();
  await guard.close(Math.max(0, until - platform.performance.now()));
}

/**
 * Checks a message, by its header, against the schema that messages must have.
 * @throws BridgeError BRIDGE_BAD_REQUEST, BRIDGE_SCHEMA
 */
function admit(request: Uint8Array, input: Schema, codec: Codec, peer: string): void {
  const kind = kindOf(request, codec, peer);
  try {
    refuseObjects(kind);
  } catch (cause) {
    throw new BridgeError('BRIDGE_SCHEMA', NO_OBJECTS, { side: 'request', peer }, { fault: 'peer', cause });
  }
  checkSchema('request', input, kind);
}

function kindOf(request: Uint8Array, codec: Codec, peer: string): MessageKind {
  try {
    return codec.kindOf(request);
  } catch (error) {
    throw badRequest(error, codec, { peer, bytes: request.length }, request);
  }
}
