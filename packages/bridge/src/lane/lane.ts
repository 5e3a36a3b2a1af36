// The lane: the fast path to a launched Python model, as a carrier. The model's Python has loaded the shim (packages/bridge/shim), which
// hands each request to the model in place of a connection. One connection takes all messages, through a Unix socket in a folder that
// host and model share. It is made when it is first needed, and again after a restart of the model.
import {
  type Carrier,
  type ExchangeOptions,
  isTransportError,
  type Message,
  makeCarrier,
  type ReplyLimits,
  TransportError,
} from '@bridge/transport';
import { unlessAborted } from '@bridge/transport/internal';
import type { SocketDialect } from '@bridge/transport/tcp';
import { LaneConnection } from './connection.ts';
import type { LaneHello } from './frames.ts';
import type { LaneEnd } from './lane-errors.ts';
import { isMemory, LentMemory } from './shared-memory.ts';
import { readNote } from './socket-file.ts';

/** Options of a lane. */
export interface LaneOptions {
  /** The dialect that the model speaks on its socket. */
  readonly dialect: SocketDialect;
  /** Limits of a reply: its size and its pace. Default: those of a socket. */
  readonly limits?: Partial<ReplyLimits>;
  /**
   * Requests of this size in bytes or more go through files in memory instead of the socket, if the folder is on tmpfs. Default 128 KiB.
   * If this is Infinity, all requests and replies go through the socket.
   */
  readonly memoryBytes?: number;
  /** Called when the model has announced its end, by an exception or an exit. Its process may still run for a while. */
  readonly onDied?: () => void;
  /**
   * Called when a reply arrived too slowly and its caller was rejected. The model cannot be told, so this function has to end it within
   * a few seconds. The model's end shows which of the later messages it took. Without this option only the connection is closed, and the
   * model accepts the next connection once it has finished its present message.
   */
  readonly onSlowReply?: (replyBytes: number) => void;
}

/**
 * A carrier to a model's lane. Any number of exchanges may be in progress. Their messages reach the model in order: it works on one, and
 * the others wait in the socket or in lent files. An exchange that is aborted rejects at once; if its message has begun to be sent, it is
 * sent to its end, and the reply is dropped.
 */
export interface Lane extends Carrier {
  /**
   * Sends a message. Resolves with its reply.
   * @throws `signal.reason` when aborted, or a TransportError.
   *   If the model provably never took the message: TRANSPORT_REFUSED (there is no model, or it ended before), or
   *   TRANSPORT_UNREACHABLE (`detail.declined`: why the shim declined the lane; `detail.busy`: another host has the lane).
   *   If the model may have taken it: TRANSPORT_CLOSED_BEFORE_REPLY, TRANSPORT_CLOSED_INSIDE_REPLY (`detail.traceback`: the last lines
   *   of the model's traceback; `detail.unanswered`: the model is running and did not answer), TRANSPORT_BAD_FRAME,
   *   TRANSPORT_TOO_LARGE, TRANSPORT_TOO_SLOW.
   *   If the call is invalid: TRANSPORT_CLOSED, TRANSPORT_BAD_MESSAGE, TRANSPORT_BAD_OPTION
   */
  exchange(request: Message, options?: ExchangeOptions): Promise<Uint8Array>;
  /**
   * Resolves when the model waits for messages.
   * @throws TransportError TRANSPORT_REFUSED or TRANSPORT_UNREACHABLE, with the detail of `exchange`; TRANSPORT_BAD_FRAME if the first
   *   frame is not a hello
   */
  opened(): Promise<LaneHello>;
  /** Lets the process end even if messages are in progress. A later message keeps the process alive again. */
  unref(): void;
}

/** From this size on a file is faster for both ends than a socket, whose bytes the model copies once more. */
const MEMORY_BYTES = 2 ** 17;
/** The pause between two attempts to connect to a model that is starting. */
const RETRY_MS = 10;

/** Returns a carrier to the lane at `path`. It connects with the first exchange. */
export function lane(path: string, options: LaneOptions): Lane {
  const address = `unix://${path}`;
  const { memoryBytes = MEMORY_BYTES } = options;
  const connections = new Set<LaneConnection>();
  let current: LaneConnection | undefined;
  let closed = false;
  const connection = (): LaneConnection => {
    if (closed) throw new TransportError('TRANSPORT_CLOSED', `the lane to ${address} is closed`, { address });
    if (!current || current.isEnding) {
      // Each connection lends files of its own: a model may still read those of an earlier one.
      const memory = memoryBytes < Number.POSITIVE_INFINITY && isMemory(path) ? new LentMemory(path) : undefined;
      const made = new LaneConnection(path, address, {
        ...options,
        memory,
        memoryBytes,
        explain: explainFailure(path),
      });
      connections.add(made);
      void made.closed.then(() => {
        connections.delete(made);
        if (made.died) options.onDied?.();
      });
      current = made;
    }
    return current;
  };
  const carrier = makeCarrier(address, {
    exchange: (request, exchangeOptions) => connection().exchange(request, exchangeOptions),
  });
  const close = async (): Promise<void> => {
    closed = true;
    // Messages that have begun to be sent are finished, even if their callers have aborted.
    await Promise.all([carrier.close(), ...[...connections].map((each) => each.close())]);
  };
  return {
    exchange: carrier.exchange,
    opened: async () => await connection().opened,
    unref: () => {
      for (const each of connections) each.unref();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Resolves with a lane once a starting model has opened it at `path`. Only `options.signal` limits the wait.
 * @throws `signal.reason` when aborted; TransportError TRANSPORT_UNREACHABLE if the shim declined the lane, TRANSPORT_BAD_FRAME if the
 *   first frame is not a hello
 */
export async function openLane(path: string, options: LaneOptions & { readonly signal: AbortSignal }): Promise<Lane> {
  const { signal } = options;
  const made = lane(path, options);
  try {
    for (;;) {
      signal.throwIfAborted();
      try {
        await unlessAborted(made.opened(), signal);
        return made;
      } catch (error) {
        if (signal.aborted || !isTransportError(error, 'TRANSPORT_REFUSED')) throw error;
        await unlessAborted(new Promise((resolve) => setTimeout(resolve, RETRY_MS)), signal);
      }
    }
  } catch (error) {
    await made[Symbol.asyncDispose]();
    throw error;
  }
}

/** Returns a function that finds out why no connection could be made. */
function explainFailure(path: string): (cause: Error) => Promise<LaneEnd> {
  return async (cause) => {
    const reason = await readNote(path);
    return reason === undefined ? { how: 'lost', cause } : { how: 'declined', reason };
  };
}
