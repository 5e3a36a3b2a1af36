// Messages from hosts to a model, with the guard between them. Whole messages or nothing: what a host began and did not
// finish never leaves this process, which is what a host that may be killed by force needs in front of its model.
//
//   hosts ──▶ listener: one whole message ──▶ guard: its turn ──▶ carrier ──▶ model
//         ◀── the whole reply, or the end of the connection ◀──────────────────┘
//
// A message is held once, in the memory into which it was read; nothing here looks into it, unless `input` asks for a look
// at its header.
import { isNpyError, readHeader } from '@bridge/npy/core';
import type { HandlerContext, Listener, Message } from '@bridge/transport';
import { badReply, badRequest, isNoReply } from '../codecs/bad-message.ts';
import { type ArraySchema, checkDeclared, checkSchema } from '../codecs/schema.ts';
import { checkDialect } from '../dialects/check-dialect.ts';
import { hintedCall } from '../dialects/hint.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import { checkFunction, checkMs, checkOption, type Names, optionsOf } from '../errors/options.ts';
import type { Guard } from '../guard/guard.ts';
import { checkRetry, type Retry } from '../model/model.ts';
import { GUARDED, type GuardedOptions, openGuard, type Target } from '../model/open-guard.ts';
import { codeOf, Ledger, type Stats } from '../observe/ledger.ts';
import { platform } from '../platform/platform.ts';
import { addressText, parseAddress } from '../targets/address.ts';
import { complaints } from './complaints.ts';
import { HOSTS, type HostOptions, listenAt, listenLimits, type OnError } from './listen-at.ts';

/** How to relay. What is not said of hosts is said of the model, as for `connect`. */
export interface RelayOptions extends GuardedOptions {
  /**
   * What the hosts speak, by default what the model speaks, and what they are allowed. Their messages wait in the model's
   * queue (`queueLimit`), for as long as that takes; `handlerMs` bounds it.
   */
  readonly hosts?: HostOptions;
  /** What may be done with a message that was not answered. Default `unseen`. */
  readonly retry?: Retry;
  /** What messages have to be; `{}` is any array but one of objects. Default: whatever is whole is relayed. */
  readonly input?: ArraySchema;
  /** Told of every message that was not answered, and why. Default: a line by console.error, no more than twenty a second. */
  readonly onError?: OnError;
}

/** A relay at work. */
export interface Relay extends Listener {
  /** What became of the messages so far: the account of a model, kept for all hosts. */
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
  const input = checkDeclared('input', given.input);
  const hosts = optionsOf<HostOptions>('hosts', given.hosts, HOSTS);
  const hostLimits = listenLimits('hosts.limits', hosts.limits);
  const { closeMs = CLOSE_MS } = hostLimits;
  checkFunction('onError', onError);
  checkMs('hosts.limits.closeMs', closeMs);
  const retry = checkRetry(given.retry);
  const { guard, dialect } = openGuard(to, given);
  checkNotItself(from, guard);
  const hostDialect = hosts.dialect !== undefined ? checkDialect('hosts.dialect', hosts.dialect, 'listener') : dialect;
  checkOption(
    'hosts.dialect',
    hostDialect,
    !dialect.reply.carriesNothing || hostDialect.reply.carriesNothing === true,
    'one without replies, as that of the model, which gives none to hand on',
  );
  const ledger = new Ledger();
  const answer = async (request: Uint8Array, { signal, peer }: HandlerContext): Promise<Message> => {
    const calledAt = platform.performance.now();
    ledger.calls++;
    if (input) admit(request, input, peer);
    let head: Uint8Array | undefined;
    const onHead = (bytes: Uint8Array): void => {
      head = bytes;
    };
    const reply = await guard
      .exchange({ message: () => [request], signal, resend: retry, onHead })
      .catch((error: unknown) => {
        const bad = isNoReply(error) ? badReply(error, { peer }) : error;
        throw hintedCall(bad, dialect, head, ledger.hasAnswers);
      });
    ledger.answered({
      target: reply.target,
      sentBytes: request.length,
      receivedBytes: reply.bytes.length,
      latencyMs: platform.performance.now() - calledAt,
      modelMs: reply.modelMs,
    });
    return [reply.bytes];
  };
  const told: OnError = (error, peer) => {
    ledger.failed(codeOf(error));
    onError(error, peer);
  };
  // The queue is the guard's, and so is the patience.
  const limits = {
    maxHandlers: Number.POSITIVE_INFINITY,
    handlerMs: Number.POSITIVE_INFINITY,
    ...hostLimits,
    closeMs,
  };
  const listener = await listenAt(from, { ...hosts, dialect: hostDialect, limits }, told, answer);
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

/** @throws BridgeError BRIDGE_TARGET where what came would be handed on to the relay itself, for ever. Two names of one address are not told apart */
function checkNotItself(from: string, { health }: Guard): void {
  const target = addressText(parseAddress(from));
  if (!health.some((replica) => replica.target === target)) return;
  const message = `${target} is both where the relay would listen and the model that it would call: they need addresses of their own`;
  throw new BridgeError('BRIDGE_TARGET', message, { target });
}

/** First the hosts, then what is still in the model's hands: that of hosts who did not wait. */
async function closeBoth(listener: Listener, guard: Guard, closeMs: number): Promise<void> {
  const until = platform.performance.now() + closeMs;
  await listener.close();
  await guard.close(Math.max(0, until - platform.performance.now()));
}

/**
 * Holds a message's header against what messages have to be.
 * @throws BridgeError BRIDGE_BAD_REQUEST, BRIDGE_SCHEMA
 */
function admit(request: Uint8Array, input: ArraySchema, peer: string): void {
  const header = headerOf(request, peer);
  if (header?.dataBytes === Number.POSITIVE_INFINITY) {
    const message = 'object arrays are not relayed: their pickles are run by whoever reads them';
    throw new BridgeError('BRIDGE_SCHEMA', message, { side: 'request', peer }, { fault: 'peer' });
  }
  const bytes = header && header.dataOffset + header.dataBytes;
  if (!header || bytes !== request.length) {
    const why = new Error(`it has ${request.length} bytes, and its header says ${bytes ?? 'more'}`);
    throw badRequest(why, { peer, bytes: request.length, expected: bytes }, request);
  }
  checkSchema('request', input, header);
}

function headerOf(request: Uint8Array, peer: string): ReturnType<typeof readHeader> {
  try {
    return readHeader(request);
  } catch (error) {
    throw isNpyError(error) ? badRequest(error, { peer, bytes: request.length }, request) : error;
  }
}
