// Makes the guard of one target or more, with its carriers, turns and codecs, for `connect` and `relay`.
import type { Carrier } from '@bridge/transport';
import { type CodecOption, checkCodecs } from '../codecs/check-codec.ts';
import type { CodecPair } from '../codecs/codec.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import { checkCount, checkFlag, checkMs, checkOption, type Names } from '../errors/options.ts';
import { Guard, type GuardOptions } from '../guard/guard.ts';
import { type Replica, SEED_SERVER } from '../guard/replica.ts';
import { publishHealth } from '../observe/channels.ts';
import { CALL_OPTIONS, type SchemeCallOptions } from '../targets/all-schemes.ts';
import { customReplica, isCarrier } from '../targets/custom-carrier.ts';
import { parseAddress } from '../targets/parse-address.ts';
import type { AddressReplica, Scheme, TurnOptions } from '../targets/scheme.ts';

/** The place of a model: an address, or a carrier of your own. A list is for several equal models, each of them once. */
export type Target = string | Carrier | readonly (string | Carrier)[];

/** Options of the guard of a model, which decides when a message is sent. */
export interface GuardedOptions extends SchemeCallOptions {
  /**
   * The codec that makes arrays into messages: one for both directions, or a pair. Default: the dialect's codec, or `codecs.npy` if it has
   * none. A pair without a codec for replies (`{ request, reply: null }`) is for a model that answers nothing.
   */
  readonly codec?: CodecOption | undefined;
  /**
   * The most messages in progress at each replica. 1 (default): the next message is sent when the reply has arrived. 2: the next message
   * lies whole in the model's backlog while the model works, for more frames a second and twice the latency of each. More than 2 only if
   * the target takes more, as `memory:` does.
   */
  readonly inFlight?: number | undefined;
  /** The most calls that may wait. Default 128. */
  readonly queueLimit?: number | undefined;
  /**
   * Milliseconds of silence after which a model that has a message counts as wedged, and its calls reject with BRIDGE_WEDGED. Also the
   * milliseconds after which calls no longer wait for a turn that another process keeps (BRIDGE_TURN). Default: 120 000, two minutes.
   */
  readonly wedgedMs?: number | undefined;
  /**
   * Milliseconds for which calls wait for a model that cannot be reached, from its first failed connection on. After that, calls reject at
   * once, until the model can be reached again. Default 1000.
   */
  readonly retryMs?: number | undefined;
  /** True to take turns at each address with the user's other processes on this machine. Default true. */
  readonly shared?: boolean | undefined;
}

/** A guard, and the facts that follow from its targets and options. */
export interface MadeGuard {
  readonly guard: Guard;
  readonly codec: CodecPair;
  /** The targets, as messages show them. */
  readonly target: string;
  /** The most messages in progress, at all replicas together. */
  readonly window: number;
  /** Bytes of the largest message that can be sent to every replica. */
  readonly maxMessageBytes: number;
}

/** The names of these options, for functions that have other options as well. */
export const GUARDED: Names<GuardedOptions> = {
  ...CALL_OPTIONS,
  codec: true,
  inFlight: true,
  queueLimit: true,
  wedgedMs: true,
  retryMs: true,
  shared: true,
};

/**
 * Returns the guard of a target, or of several. Nothing is opened yet.
 * @param given options whose names `optionsOf` has checked
 * @throws BridgeError BRIDGE_TARGET, BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION for an invalid limit
 */
export function makeGuard(target: Target, given: Partial<GuardedOptions>): MadeGuard {
  const targets: readonly (string | Carrier)[] = Array.isArray(target) ? target.slice() : [target];
  // `map` would skip a hole in the list.
  if (targets.includes(undefined as never)) parseAddress(undefined as never);
  checkOption('target', targets, targets.length > 0, 'one target or more');
  const addresses = targets.map((each) => (isCarrier(each) ? each : parseAddress(each)));
  checkSchemeOptions(
    addresses.flatMap((address) => (isCarrier(address) ? [] : [address.scheme])),
    given,
  );
  checkFlag('shared', given.shared);
  const replicas = addresses.map(
    (address, i): AddressReplica =>
      isCarrier(address) ? customReplica(address, i) : address.replica(optionsFor(address.scheme, given)),
  );
  checkApart(targets, replicas);
  const guarding = checkGuarding(given, replicas);
  const spoken = replicas.find(({ codec }) => codec);
  const onHealth: GuardOptions['onHealth'] = (of, health, error) => publishHealth({ target: of, health, error });
  return {
    guard: new Guard(replicas, { ...guarding, onHealth }),
    codec: checkCodecs(given.codec, spoken?.codec, spoken?.oneWay),
    target: replicas.map((replica) => replica.target).join(' '),
    window: guarding.inFlight * replicas.length,
    maxMessageBytes: Math.min(...replicas.map(({ assumes = SEED_SERVER }) => assumes.maxMessageBytes)),
  };
}

/** Milliseconds for which a turn is kept without a call. To take it again for each of many calls in a row would cost more than they do. */
const IDLE_MS = 5;

/**
 * Returns the checked options of a guard, with defaults for those that were left out.
 * @param replicas the guard's replicas, which limit `inFlight`
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkGuarding(
  given: Partial<GuardedOptions>,
  replicas: readonly Pick<Replica, 'assumes'>[],
): Omit<GuardOptions, 'onHealth'> {
  const { inFlight = 1, queueLimit = 128, wedgedMs = 120_000, retryMs = 1000 } = given;
  const assumed = replicas.map(({ assumes = SEED_SERVER }) => assumes);
  const most = Math.min(...assumed.map(({ maxInFlight }) => maxInFlight));
  checkCount('inFlight', inFlight);
  const isKept = assumed.some(({ maxInFlight, keepsConnection }) => maxInFlight === 1 && keepsConnection);
  const taker = isKept ? 'a persistent connection' : 'a target';
  const why = most === 1 ? `1, because ${taker} takes one message at a time` : `1 to ${most}`;
  checkOption('inFlight', inFlight, inFlight <= most, why);
  checkCount('queueLimit', queueLimit);
  checkOption('wedgedMs', wedgedMs, typeof wedgedMs === 'number' && wedgedMs > 0, 'milliseconds above 0, or Infinity');
  checkMs('retryMs', retryMs);
  // A persistent connection is closed when its turn is released, and some servers end with their first connection. So the turn is kept as
  // well, until another process wants it.
  const keepsTurn = assumed.some(({ keepsConnection }) => keepsConnection);
  return { inFlight, queueLimit, wedgedMs, retryMs, idleMs: keepsTurn ? Number.POSITIVE_INFINITY : IDLE_MS };
}

/** Returns the options that addresses of the scheme have. */
function optionsFor({ callOptions }: Scheme, given: Partial<GuardedOptions>): TurnOptions {
  const names = [...Object.keys(callOptions), 'shared'];
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
}

/**
 * Rejects an option that no target's scheme has, because it would be ignored.
 * @throws BridgeError BRIDGE_OPTION
 */
function checkSchemeOptions(schemes: readonly Scheme[], given: Partial<GuardedOptions>): void {
  for (const [name, value] of Object.entries(given)) {
    const holds =
      !Object.hasOwn(CALL_OPTIONS, name) || schemes.some(({ callOptions }) => Object.hasOwn(callOptions, name));
    checkOption(name, value, holds, 'nothing, because no target has an address whose scheme knows this option');
  }
}

/**
 * Rejects a target that is listed twice: it is one model, which would get twice as many messages at once as it may have.
 * @throws BridgeError BRIDGE_TARGET
 */
function checkApart(targets: readonly (string | Carrier)[], replicas: readonly Replica[]): void {
  const seen = new Set<string | Carrier>();
  for (const [i, each] of targets.entries()) {
    const target = replicas[i]?.target ?? '';
    const place = isCarrier(each) ? each : target;
    if (seen.has(place)) {
      const message = `${target} is listed twice: list each model once, and raise \`inFlight\` to send one model more messages at once`;
      throw new BridgeError('BRIDGE_TARGET', message, { target });
    }
    seen.add(place);
  }
}
