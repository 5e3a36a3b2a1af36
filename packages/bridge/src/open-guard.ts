// From targets to a guard: which carriers, which turns. What a model of arrays and a relay of messages have in common.
import type { Carrier, FrameLimits } from '@bridge/transport';
import { type Address, parseAddress } from './address.ts';
import type { Dialect } from './dialects/dialect.ts';
import { dialects } from './dialects.ts';
import { BridgeError } from './errors.ts';
import { Guard } from './guard/guard.ts';
import type { Replica } from './guard/replica.ts';
import { publishHealth } from './stats/channels.ts';

/** Where a model is: an address, a carrier of one's own, or several equal models. */
export type Target = string | Carrier | readonly (string | Carrier)[];

/** How to guard a model. */
export interface GuardedOptions {
  /** What the model speaks. Default: `dialects.seed`. */
  readonly dialect?: Dialect;
  /** Bounds on a reply. Default: one gibibyte. */
  readonly limits?: Partial<FrameLimits>;
  /**
   * Messages under way at each replica. 1 (default): the next one is sent when the reply is there. 2: the next one lies
   * whole in the model's backlog while it works; more frames a second, twice the latency of each.
   */
  readonly inFlight?: 1 | 2;
  /** Calls that may wait. Default 128. */
  readonly queueLimit?: number;
  /** Milliseconds of silence after which a model that has a message counts as wedged. Default: two minutes. */
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

/** @throws BridgeError BRIDGE_TARGET, BRIDGE_OPTION */
export function openGuard(target: Target, options: GuardedOptions): OpenGuard {
  const { dialect = dialects.seed, inFlight = 1, queueLimit = 128, wedgedMs = 120_000, retryMs = 1000 } = options;
  const targets = isList(target) ? target : [target];
  option('target', targets, targets.length > 0, 'one target or more');
  option('inFlight', inFlight, inFlight === 1 || inFlight === 2, '1 or 2');
  const kept = dialect.connection === 'persistent';
  option('inFlight', inFlight, !kept || inFlight === 1, '1 where a connection is kept: its messages follow each other');
  option('queueLimit', queueLimit, Number.isInteger(queueLimit) && queueLimit > 0, 'a whole number from 1');
  option('wedgedMs', wedgedMs, wedgedMs > 0, 'milliseconds, or Infinity');
  option('retryMs', retryMs, retryMs >= 0, 'milliseconds, or Infinity');
  const replicas = targets.map((each, i) =>
    typeof each === 'string'
      ? tcpReplica(parseAddress(each), dialect, options)
      : { target: `carrier ${i}`, carrier: each },
  );
  const guard = new Guard(replicas, {
    inFlight,
    queueLimit,
    wedgedMs,
    retryMs,
    // A connection that is kept goes with the turn: there are servers that end with their first connection.
    idleMs: kept ? Number.POSITIVE_INFINITY : IDLE_MS,
    onHealth: (of, health, error) => publishHealth({ target: of, health, error }),
  });
  return {
    guard,
    dialect,
    target: replicas.map((replica) => replica.target).join(' '),
    window: inFlight * replicas.length,
  };
}

function isList(target: Target): target is readonly (string | Carrier)[] {
  return Array.isArray(target);
}

function option(name: string, value: unknown, holds: boolean, expected: string): void {
  if (holds) return;
  throw new BridgeError('BRIDGE_OPTION', `${name} is ${String(value)}: expected ${expected}`, {
    name,
    value,
    expected,
  });
}

/** A model at a TCP address. What needs sockets is loaded when it is first used, so that importing this needs none. */
function tcpReplica(address: Address, dialect: Dialect, { limits, shared = true }: GuardedOptions): Replica {
  const { host, port } = address;
  const target = `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
  let loading: Promise<Carrier> | undefined;
  const load = async (): Promise<Carrier> => {
    const { tcp } = await import('@bridge/transport/tcp');
    return tcp(address, { dialect, ...(limits && { limits }) });
  };
  let loaded: Carrier | undefined;
  const close = async (): Promise<void> => {
    await (await loading)?.close();
  };
  const carrier: Carrier = {
    async exchange(request, options) {
      loading ??= load();
      loaded ??= await loading;
      return await loaded.exchange(request, options);
    },
    rest: () => loaded?.rest?.(),
    close,
    [Symbol.asyncDispose]: close,
  };
  const turns = (): Promise<typeof import('@bridge/transport/turns')> => import('@bridge/transport/turns');
  return {
    target,
    carrier,
    listening: async () => {
      const { isLoopback, listening } = await turns();
      return isLoopback(host) ? await listening(address) : undefined;
    },
    ...(shared && {
      takeTurn: async (slot, onWanted, signal) => {
        const { isLoopback, takeTurn } = await turns();
        const name = isLoopback(host) ? 'loopback' : host.toLowerCase();
        return await takeTurn(`tcp:${name}:${port}:${slot}`, { onWanted, signal });
      },
    }),
  };
}
