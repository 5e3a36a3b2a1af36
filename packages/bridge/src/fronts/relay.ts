// `relay`: listens for hosts, and passes their messages on to a model, through the model's guard. A host is a program that calls; it may be
// killed at any time. Only whole messages are passed on, because a model may die of half a message.
//
//   hosts ──▶ listener: one whole message ──▶ guard: its queue ──▶ carrier ──▶ model
//         ◀── the whole reply, or the end of the connection ◀──────────────────┘
//
// A message is held in memory once. The relay reads its header if `input` is given, and decodes it if hosts and model have different
// codecs. Otherwise it passes the bytes on as they are.
import type { HandlerContext, Listener, Message } from '@bridge/transport';
import { badReply, badRequest } from '../codecs/bad-message.ts';
import type { Codec, CodecPair, MessageKind } from '../codecs/codec.ts';
import { NO_OBJECTS, refuseObjectKind } from '../codecs/no-objects.ts';
import { checkDeclared, checkSchema, type Schema } from '../codecs/schema.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import { checkFunction, checkMs, checkOption, type Names, optionsOf } from '../errors/options.ts';
import type { Guard } from '../guard/guard.ts';
import { GUARDED, type GuardedOptions, makeGuard, type Target } from '../model/make-guard.ts';
import { checkRetry, type Retry } from '../model/model.ts';
import { codeOf, Ledger, type Stats } from '../observe/ledger.ts';
import { platform } from '../platform/platform.ts';
import { HOSTS, type HostOptions, hostCodecs, hostsAt } from '../targets/host-options.ts';
import { parseAddress } from '../targets/parse-address.ts';
import type { OnError, Scheme } from '../targets/scheme.ts';
import { printFailures } from './default-on-error.ts';
import { transcoder } from './transcode.ts';

/** Options of `relay`: `hosts`, `input` and `onError` are about the hosts that call, and the others about the model, as in `connect`. */
export interface RelayOptions extends GuardedOptions {
  /**
   * The dialect, the codec and the limits for the hosts that call. Default: the model's dialect and codec. A message of a host waits in the
   * guard's queue, which holds `queueLimit` messages. It waits without a time limit unless `limits.handlerMs` is given.
   */
  readonly hosts?: HostOptions | undefined;
  /** The condition under which a message that was not answered is sent again: see Retry. Default `unseen`. */
  readonly retry?: Retry | undefined;
  /** The schema of the hosts' arrays. `{}` allows any array that has no Python objects. Default: no message is checked. */
  readonly input?: Schema | undefined;
  /** Called with the error of every message that was not answered. Default: prints a line by console.error, at most twenty a second. */
  readonly onError?: OnError | undefined;
}

/** A relay that listens. */
export interface Relay extends Listener {
  /** Counts and latencies of the messages of all hosts so far. */
  readonly stats: Stats;
}

const RELAY: Names<RelayOptions> = { ...GUARDED, hosts: true, retry: true, input: true, onError: true };

/**
 * The defaults of `hosts.limits` that are the relay's own. The number of handlers and their time are not limited, because the guard has a
 * queue and time limits of its own.
 */
const LIMITS = { maxHandlers: Number.POSITIVE_INFINITY, handlerMs: Number.POSITIVE_INFINITY, closeMs: 10_000 };

/**
 * Listens at `from` and answers every whole message with the reply of the model at `to`. A host that fails does no harm to the model: half
 * of a message is never sent there, and the reply to a message whose host has gone is read and dropped. If a message cannot be answered,
 * its host's connection is closed, and nothing is sent to the host.
 *
 * When the relay is closed, it stops listening and answers the messages that have arrived whole, within `hosts.limits.closeMs` (default
 * 10 000).
 *
 * @throws BridgeError BRIDGE_TARGET, BRIDGE_OPTION; TransportError TRANSPORT_ADDRESS, TRANSPORT_BAD_ADDRESS,
 *   TRANSPORT_BAD_OPTION
 * @example
 * await using relayed = await relay('unix:///run/model.sock', 'tcp://127.0.0.1:6000', { hosts: { permissions: 0o600 } });
 */
export async function relay(from: string, to: Target, options: RelayOptions = {}): Promise<Relay> {
  const given = optionsOf<RelayOptions>('options', options, RELAY);
  const { onError = printFailures((line) => platform.console.error(`@bridge/bridge: ${line}`)) } = given;
  const ofHosts = optionsOf<HostOptions>('hosts', given.hosts, HOSTS);
  const address = parseAddress(from);
  checkFunction('onError', onError);
  const retry = checkRetry(given.retry);
  const { guard, codec, maxMessageBytes } = makeGuard(to, given);
  checkNotItself(address.text, guard);
  const hosts = hostsAt(address, withModels(ofHosts, given, address.scheme), { prefix: 'hosts.', limits: LIMITS });
  const { closeMs = LIMITS.closeMs } = hosts.limits;
  checkMs('hosts.limits.closeMs', closeMs);
  // Hosts without a dialect of their own have the model's codec as well.
  const spoken = hostCodecs(ofHosts.codec, hosts, ofHosts.dialect === undefined ? codec : hosts.codec);
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
  const counted: OnError = (error, peer) => {
    ledger.failed(codeOf(error));
    onError(error, peer);
  };
  const listener = await hosts.listen(counted, answer);
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

/** Returns the options of the hosts, and the model's for those of `sameAsModel` that the hosts do not have. */
function withModels(hosts: Partial<HostOptions>, model: Partial<RelayOptions>, { sameAsModel }: Scheme): HostOptions {
  const names: readonly string[] = sameAsModel ?? [];
  return { ...Object.fromEntries(Object.entries(model).filter(([name]) => names.includes(name))), ...hosts };
}

/** Returns a function that converts requests from the hosts' codec to the model's, and one that converts replies the other way. */
function translator(
  hosts: CodecPair,
  model: CodecPair,
  maxMessageBytes: number,
): {
  readonly request: (bytes: Uint8Array, peer: string) => Message;
  readonly reply: (bytes: Uint8Array, target: string) => Message;
} {
  const silent = model.reply === null && hosts.reply !== null;
  checkOption('hosts', hosts.reply?.name, !silent, 'a dialect without replies, because the model does not reply');
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

/** @throws BridgeError BRIDGE_TARGET if the relay would call itself. Two different names of one address are not recognised as the same */
function checkNotItself(target: string, { health }: Guard): void {
  if (!health.some((replica) => replica.target === target)) return;
  const message = `a relay cannot listen at the address of its own model: both are ${target}`;
  throw new BridgeError('BRIDGE_TARGET', message, { target });
}

/** Closes the listener first, and then the guard, which may still have messages of hosts that have gone. */
async function closeBoth(listener: Listener, guard: Guard, closeMs: number): Promise<void> {
  const until = platform.performance.now() + closeMs;
  await listener.close();
  await guard.close(Math.max(0, until - platform.performance.now()));
}

/**
 * Checks a message, by its header, against the schema of `input`.
 * @throws BridgeError BRIDGE_BAD_REQUEST, BRIDGE_SCHEMA
 */
function admit(request: Uint8Array, input: Schema, codec: Codec, peer: string): void {
  const kind = kindOf(request, codec, peer);
  try {
    refuseObjectKind(kind);
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
