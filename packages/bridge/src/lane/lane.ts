// A carrier to a model that the shim (packages/bridge/shim) was put in front of: one connection for all messages, through
// a Unix socket in a folder that host and model share. It is made when it is first needed, and anew after the model died.
import { unlinkSync } from 'node:fs';
import {
  type Carrier,
  type ExchangeOptions,
  isTransportError,
  type Message,
  openCarrier,
  type ReplyLimits,
  TransportError,
} from '@bridge/transport';
import type { SocketDialect } from '@bridge/transport/tcp';
import { LaneConnection } from './connection.ts';
import { readNote } from './door.ts';
import type { LaneEnd } from './errors.ts';
import { isMemory, LentMemory } from './memory.ts';
import type { LaneHello } from './wire.ts';

/** How to talk to a model by its lane. */
export interface LaneOptions {
  /** What the model speaks on the sockets that it believes it has. */
  readonly dialect: SocketDialect;
  /** Bounds on a reply: how large, and how slow. Default: as of a socket. */
  readonly limits?: Partial<ReplyLimits>;
  /**
   * Requests of this size in bytes or more go through memory instead of the socket, if the folder is on tmpfs. Default 128 KiB. With
   * Infinity no request does, and no reply.
   */
  readonly memoryBytes?: number;
  /** Told when the model has said that it ends, of an exception or on its own. Its process may take longer for that. */
  readonly onDied?: () => void;
  /**
   * Told when a reply dripped and was given up. The model does not hear of that: it is to be ended by whoever gives this, within a
   * few seconds, and what was sent behind that reply is then told whether it was taken. Without it the connection is closed, and
   * the model comes back to its lane when it is done with what it is at.
   */
  readonly onDrip?: (replyBytes: number) => void;
}

/**
 * A carrier to a model's lane. Any number of exchanges may be under way: they reach the model in order, one in its hands
 * and the others on their way. Giving one up rejects at once; the message, once begun, is finished and its reply dropped.
 */
export interface Lane extends Carrier {
  /**
   * Sends a message and waits for its reply.
   * @throws TransportError. For a message that the model provably never took: TRANSPORT_REFUSED (no model is there, or it
   *   died before), TRANSPORT_UNREACHABLE (`detail.declined`: why the lane was declined; `detail.busy`: another host has
   *   it). For one that it may have taken: TRANSPORT_CLOSED_BEFORE_REPLY, TRANSPORT_CLOSED_INSIDE_REPLY
   *   (`detail.traceback`: the last lines of what it died of; `detail.unanswered`: it lives, and did not answer),
   *   TRANSPORT_BAD_FRAME, TRANSPORT_TOO_LARGE, TRANSPORT_TOO_SLOW. TRANSPORT_CLOSED, TRANSPORT_BAD_MESSAGE, TRANSPORT_BAD_OPTION;
   *   `signal.reason` when aborted
   */
  exchange(request: Message, options?: ExchangeOptions): Promise<Uint8Array>;
  /**
   * Waits until the model waits for messages.
   * @throws TransportError TRANSPORT_REFUSED, TRANSPORT_UNREACHABLE, as `exchange`; TRANSPORT_BAD_FRAME where what is there
   *   says no hello
   */
  opened(): Promise<LaneHello>;
}

/** From here on a file takes less time on both sides than a socket, whose bytes the model would copy once more. */
const MEMORY_BYTES = 2 ** 17;
const LOOK_MS = 10;

/** A carrier to the lane at `path`. Nothing is opened before it is used. */
export function lane(path: string, options: LaneOptions): Lane {
  const address = `unix://${path}`;
  const { memoryBytes = MEMORY_BYTES } = options;
  const connections = new Set<LaneConnection>();
  let current: LaneConnection | undefined;
  let closed = false;
  const connection = (): LaneConnection => {
    if (closed) throw new TransportError('TRANSPORT_CLOSED', `the lane to ${address} is closed`, { address });
    if (!current || current.over) {
      // Memory is lent anew: a model may still look at what an earlier connection lent to it.
      const memory = memoryBytes < Number.POSITIVE_INFINITY && isMemory(path) ? new LentMemory(path) : undefined;
      const made = new LaneConnection(path, address, { ...options, memory, memoryBytes, unreached: why(path) });
      connections.add(made);
      void made.closed.then(() => {
        connections.delete(made);
        if (made.died) options.onDied?.();
      });
      current = made;
    }
    return current;
  };
  const carrier = openCarrier(address, {
    exchange: (request, exchangeOptions) => connection().exchange(request, exchangeOptions),
  });
  const close = async (): Promise<void> => {
    closed = true;
    // What was begun is finished, whether its caller still waits or not.
    await Promise.all([carrier.close(), ...[...connections].map((each) => each.close())]);
  };
  return {
    exchange: carrier.exchange,
    opened: async () => await connection().opened,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Waits for a model that is starting to come to the lane at `path`.
 * @throws `signal.reason` when aborted: whoever started the model knows best when to stop waiting; TransportError
 *   TRANSPORT_UNREACHABLE when it declined, TRANSPORT_BAD_FRAME when it said no hello
 */
export async function openLane(path: string, options: LaneOptions & { readonly signal: AbortSignal }): Promise<Lane> {
  const { signal } = options;
  const made = lane(path, options);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    for (;;) {
      signal.throwIfAborted();
      try {
        await Promise.race([made.opened(), aborted]);
        return made;
      } catch (error) {
        if (signal.aborted || !isTransportError(error, 'TRANSPORT_REFUSED')) throw error;
        await Promise.race([new Promise((resolve) => setTimeout(resolve, LOOK_MS)), aborted]);
      }
    }
  } catch (error) {
    await made[Symbol.asyncDispose]();
    throw error;
  } finally {
    aborted.catch(() => {});
  }
}

/** Tells a model that no host will come by the lane at `path`: it uses its own sockets from now on. */
export function dismissLane(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone, or was none.
  }
}

/** What a failure to connect means. */
function why(path: string): (cause: Error) => Promise<LaneEnd> {
  return async (cause) => {
    const reason = await readNote(path);
    return reason === undefined ? { how: 'lost', cause } : { how: 'declined', reason };
  };
}
