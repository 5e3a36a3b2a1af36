// From targets to a guard: which carriers, which turns. What a model of arrays and a relay of messages have in common.
import { type Carrier, type ReplyLimits, resolveReplyLimits } from '@bridge/transport';
import { checkDialect } from '../dialects/check-dialect.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { dialects } from '../dialects/named.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import {
  checkCount,
  checkFlag,
  checkMs,
  checkOption,
  isRevoked,
  listOf,
  type Names,
  optionsOf,
  partsOf,
} from '../errors/options.ts';
import { Guard, type GuardOptions } from '../guard/guard.ts';
import type { Replica } from '../guard/replica.ts';
import { publishHealth } from '../observe/channels.ts';
import { type Address, parseAddress } from '../targets/address.ts';
import { ownReplica } from '../targets/own-carrier.ts';
import { replicaAt } from '../targets/replica-at.ts';

/** Where a model is: an address, a carrier of one's own, or several equal models, each of them once. */
export type Target = string | Carrier | readonly (string | Carrier)[];

/** How to guard a model. */
export interface GuardedOptions {
  /** What the model speaks. Default: `dialects.seed`. Behind a carrier of your own only what it refuses counts. */
  readonly dialect?: Dialect;
  /** Bounds on a reply: at most one gibibyte, and no slower than `stallMs` allows. A carrier of your own has its own. */
  readonly limits?: Partial<ReplyLimits>;
  /**
   * Messages under way at each replica. 1 (default): the next one is sent when the reply is there. 2: the next one lies
   * whole in the model's backlog while it works; more frames a second, twice the latency of each.
   */
  readonly inFlight?: 1 | 2;
  /** Calls that may wait. Default 128. */
  readonly queueLimit?: number;
  /**
   * Milliseconds of silence after which a model that has a message counts as wedged, and after which calls wait no longer for a
   * turn that somebody else has and does not hand on. Default: two minutes.
   */
  readonly wedgedMs?: number;
  /**
   * Milliseconds that calls wait for a model that cannot be reached, counted from the moment in which it could not. From
   * then on they fail at once, until one of them finds it back. Default 1000.
   */
  readonly retryMs?: number;
  /** Whether to take turns at each address with the other processes of this machine. Default true. */
  readonly shared?: boolean;
}

/** A guard, and what whoever opened it may want to know. */
export interface OpenGuard {
  readonly guard: Guard;
  readonly dialect: Dialect;
  /** The targets, for messages. */
  readonly target: string;
  /** Messages under way at once, at all replicas together. */
  readonly window: number;
}

/** How long a turn is kept between calls: taking it anew for each of a row of calls would cost more than the calls. */
const IDLE_MS = 5;

/** For whoever takes these options and more. */
export const GUARDED: Names<GuardedOptions> = {
  dialect: true,
  limits: true,
  inFlight: true,
  queueLimit: true,
  wedgedMs: true,
  retryMs: true,
  shared: true,
};

/**
 * @param given by `optionsOf`
 * @throws BridgeError BRIDGE_TARGET, BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION for a limit that is none
 */
export function openGuard(target: Target, given: Partial<GuardedOptions>): OpenGuard {
  const dialect = checkDialect('dialect', given.dialect ?? dialects.seed, 'caller');
  const limits = replyLimits(given.limits);
  // Whatever is in a list is told one by one.
  const targets = (listOf('target', target, 'BRIDGE_TARGET') ?? [target]) as readonly (string | Carrier)[];
  checkOption('target', targets, targets.length > 0, 'one target or more');
  const guarding = checkGuarding({ ...given, dialect });
  const own = targets.every(isCarrier);
  checkOption('limits', limits, limits === undefined || !own, 'none: a carrier of your own has its own');
  const replicas = targets.map(
    (each, i): Replica =>
      isCarrier(each) ? ownReplica(each, i) : replicaAt(callable(each), dialect, { ...given, limits }),
  );
  checkApart(targets, replicas);
  const guard = new Guard(replicas, {
    ...guarding,
    onHealth: (of, health, error) => publishHealth({ target: of, health, error }),
  });
  return {
    guard,
    dialect,
    target: replicas.map((replica) => replica.target).join(' '),
    window: guarding.inFlight * replicas.length,
  };
}

/**
 * What a guard goes by, where it was given or left out.
 * @param given its dialect checked already
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION for a limit that is none
 */
export function checkGuarding(
  given: Partial<GuardedOptions> & { readonly dialect: Dialect },
): Omit<GuardOptions, 'onHealth'> {
  const { dialect, inFlight = 1, queueLimit = 128, wedgedMs = 120_000, retryMs = 1000 } = given;
  checkOption('inFlight', inFlight, inFlight === 1 || inFlight === 2, '1 or 2');
  const kept = dialect.connection === 'persistent';
  checkOption(
    'inFlight',
    inFlight,
    !kept || inFlight === 1,
    '1 where a connection is kept: messages follow each other',
  );
  checkCount('queueLimit', queueLimit);
  checkOption('wedgedMs', wedgedMs, typeof wedgedMs === 'number' && wedgedMs > 0, 'milliseconds above 0, or Infinity');
  checkMs('retryMs', retryMs);
  checkFlag('shared', given.shared);
  replyLimits(given.limits);
  // A connection that is kept goes with the turn: there are servers that end with their first connection.
  return { inFlight, queueLimit, wedgedMs, retryMs, idleMs: kept ? Number.POSITIVE_INFINITY : IDLE_MS };
}

const REPLY_LIMITS: Names<ReplyLimits> = { maxMessageBytes: true, stallMs: true, stallBytes: true };

/** @throws BridgeError BRIDGE_OPTION for one that is not known; TransportError TRANSPORT_BAD_OPTION for one that is none */
export function replyLimits(limits: Partial<ReplyLimits> | null | undefined): Partial<ReplyLimits> | undefined {
  // Limits that are no object are for the transport to refuse, as a value that is none.
  if (typeof limits !== 'object' || isRevoked(limits)) resolveReplyLimits(limits);
  const given = optionsOf<Partial<ReplyLimits>>('limits', limits, REPLY_LIMITS);
  resolveReplyLimits(given);
  return limits ? given : undefined;
}

/**
 * An address that can be called.
 * @throws BridgeError BRIDGE_TARGET also for port 0, which stands for any free one where one listens, and for none here
 */
function callable(target: string): Address {
  const address = parseAddress(target);
  if (address.kind === 'unix' || address.port > 0) return address;
  throw new BridgeError('BRIDGE_TARGET', `${target} has no port that could be called`, { target });
}

/**
 * Two replicas at one address would be one model that is given twice as much as it may have at once.
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

function isCarrier(target: string | Carrier): target is Carrier {
  return typeof partsOf<Carrier>('target', target, ['exchange'], 'BRIDGE_TARGET').exchange === 'function';
}
