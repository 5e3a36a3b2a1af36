// Opens the guard of one target or more, with its carriers, turns and codecs, for a model of arrays or a relay of messages.
import type { Carrier } from '@bridge/transport';
import { type CodecOption, checkCodecs } from '../codecs/check-codec.ts';
import type { CodecPair } from '../codecs/codec.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import { checkCount, checkFlag, checkMs, checkOption, type Names } from '../errors/options.ts';
import { Guard, type GuardOptions } from '../guard/guard.ts';
import { type Replica, SEED_SERVER } from '../guard/replica.ts';
import { publishHealth } from '../observe/channels.ts';
import { customReplica, isCarrier } from '../targets/custom-carrier.ts';
import type { OpenOptions, Scheme, SchemeOptions } from '../targets/scheme.ts';
import { parseAddress } from '../targets/schemes.ts';
import { STREAM } from '../targets/stream-scheme-options.ts';

/** The place of a model: an address, a carrier of one's own, or several equal models, each of them once. */
export type Target = string | Carrier | readonly (string | Carrier)[];

/** Options of guarding a model. */
export interface GuardedOptions extends SchemeOptions {
  /**
   * The codec that makes arrays into messages, for both directions or for each. Default: that of the dialect; else `codecs.npy`. A pair without a
   * codec for replies (`{ request, reply: null }`) is for a model that answers nothing.
   */
  readonly codec?: CodecOption | undefined;
  /**
   * Messages under way at each replica. 1 (default): the next one is sent when the reply is there. 2: the next one lies whole in the
   * model's backlog while it works; more frames a second, twice the latency of each. More where a carrier says that it takes more.
   */
  readonly inFlight?: number | undefined;
  /** Calls that may wait. Default 128. */
  readonly queueLimit?: number | undefined;
  /**
   * Milliseconds of silence after which a model that has a message counts as wedged, and after which calls no longer wait for a turn
   * that another process keeps. Default: two minutes.
   */
  readonly wedgedMs?: number | undefined;
  /**
   * Milliseconds that calls wait for a model that cannot be reached, counted from the moment in which it could not. From then on they
   * fail at once, until one of them finds the model back. Default 1000.
   */
  readonly retryMs?: number | undefined;
  /** True to take turns at each address with the other processes of this machine. Default true. */
  readonly shared?: boolean | undefined;
}

/** A guard, and what its opener may want to know. */
export interface OpenGuard {
  readonly guard: Guard;
  readonly codec: CodecPair;
  /** The targets, for messages. */
  readonly target: string;
  /** Messages under way at once, at all replicas together. */
  readonly window: number;
  /** Bytes of the largest message that the way to each replica can carry. */
  readonly maxMessageBytes: number;
}

/** The names of these options, for functions that take others beside them. */
export const GUARDED: Names<GuardedOptions> = {
  ...STREAM,
  codec: true,
  inFlight: true,
  queueLimit: true,
  wedgedMs: true,
  retryMs: true,
  shared: true,
};

/**
 * @param given by `optionsOf`
 * @throws BridgeError BRIDGE_TARGET, BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION for an invalid limit
 */
export function openGuard(target: Target, given: Partial<GuardedOptions>): OpenGuard {
  const targets: readonly (string | Carrier)[] = Array.isArray(target) ? target.slice() : [target];
  checkOption('target', targets, targets.length > 0, 'one target or more');
  const addresses = targets.map((each) => (isCarrier(each) ? each : parseAddress(each)));
  checkSchemeOptions(
    addresses.flatMap((address) => (isCarrier(address) ? [] : [address.scheme])),
    given,
  );
  checkFlag('shared', given.shared);
  const options = schemeOptions(given);
  const replicas = addresses.map((address, i) =>
    isCarrier(address) ? customReplica(address, i) : address.replica(options),
  );
  checkApart(targets, replicas);
  const guarding = checkGuarding(given, replicas);
  const onHealth: GuardOptions['onHealth'] = (of, health, error) => publishHealth({ target: of, health, error });
  return {
    guard: new Guard(replicas, { ...guarding, onHealth }),
    codec: checkCodecs(given.codec, replicas.find(({ codec }) => codec)?.codec),
    target: replicas.map((replica) => replica.target).join(' '),
    window: guarding.inFlight * replicas.length,
    maxMessageBytes: Math.min(...replicas.map(({ assumes = SEED_SERVER }) => assumes.maxMessageBytes)),
  };
}

/** The milliseconds that a turn is kept between calls: taking it again for each of a row of calls would cost more than the calls. */
const IDLE_MS = 5;

/**
 * Returns the checked options of a guard, with defaults for those that were left out.
 * @param replicas the replicas that it is to guard, which limit the messages at once
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
  const why = most === 1 ? '1 where a connection is kept: messages follow each other' : `1 to ${most}`;
  checkOption('inFlight', inFlight, inFlight <= most, why);
  checkCount('queueLimit', queueLimit);
  checkOption('wedgedMs', wedgedMs, typeof wedgedMs === 'number' && wedgedMs > 0, 'milliseconds above 0, or Infinity');
  checkMs('retryMs', retryMs);
  // A kept connection is closed when its turn is released, and some servers end with their first connection. So a turn is kept, too, until
  // another process wants it.
  const keepsTurn = assumed.some(({ keepsConnection }) => keepsConnection);
  return { inFlight, queueLimit, wedgedMs, retryMs, idleMs: keepsTurn ? Number.POSITIVE_INFINITY : IDLE_MS };
}

function schemeOptions(given: Partial<GuardedOptions>): OpenOptions {
  const { dialect, limits, shared } = given;
  return { dialect, limits, shared };
}

/**
 * Refuses an option that no target's scheme has, because it would be ignored.
 * @throws BridgeError BRIDGE_OPTION
 */
function checkSchemeOptions(schemes: readonly Scheme[], given: Partial<GuardedOptions>): void {
  for (const name of Object.keys(STREAM) as (keyof SchemeOptions)[]) {
    const holds = given[name] === undefined || schemes.some(({ options }) => options.includes(name));
    checkOption(name, given[name], holds, 'no such option, because no target is an address of a scheme that has it');
  }
}

/**
 * Refuses two replicas at one address: they are one model, which would be given twice as many messages at once as it may have.
 * @throws BridgeError BRIDGE_TARGET
 */
function checkApart(targets: readonly (string | Carrier)[], replicas: readonly Replica[]): void {
  const seen = new Set<string | Carrier>();
  for (const [i, each] of targets.entries()) {
    const target = replicas[i]?.target ?? '';
    const place = isCarrier(each) ? each : target;
    if (seen.has(place)) {
      const message = `${target} is there twice: each target is a model of its own, and \`inFlight\` says how much one gets`;
      throw new BridgeError('BRIDGE_TARGET', message, { target });
    }
    seen.add(place);
  }
}
