// The replica of a model at a stream socket. The facts that a guard may assume of it, and how its errors are explained, follow from its
// dialect.
import type { Carrier } from '@bridge/transport';
import type { CheckedDialect } from '../dialects/check-dialect.ts';
import { explainCall } from '../dialects/hint.ts';
import type { Assumptions, Replica } from '../guard/replica.ts';
import type { AddressReplica, TurnOptions } from './scheme.ts';
import type { CheckedCallOptions, StreamCallOptions } from './stream-call-options.ts';

/** Options of a stream replica. `launch` adds `isPeer`, because it knows which process has to listen. */
export interface PeerOptions extends StreamCallOptions, TurnOptions {
  /** Returns whether the process that listens is still the model's: see `isPeer` of @bridge/transport/tcp. */
  readonly isPeer?: ((localPort: number | undefined) => boolean) | undefined;
}

/** The parts of a replica that depend on the scheme. */
export interface StreamSocket extends Pick<Replica, 'target' | 'listening' | 'takeTurn'> {
  /** Resolves with the carrier. Called for the first message. */
  open(): Promise<Carrier>;
}

/** Returns a replica at a socket. Nothing is connected before the first message. */
export function streamReplica({ open, ...socket }: StreamSocket, { dialect }: CheckedCallOptions): AddressReplica {
  return { ...socket, ...assumptionsOf(socket.target, dialect), carrier: lazily(open) };
}

/** Returns the facts that a guard may assume of a replica with this dialect, its codecs, and the function that explains its errors. */
export function assumptionsOf(
  target: string,
  dialect: CheckedDialect,
): Pick<AddressReplica, 'codec' | 'oneWay' | 'explain'> & { readonly assumes: Assumptions } {
  const isKept = dialect.connection === 'persistent';
  return {
    assumes: {
      // A persistent connection takes one message at a time.
      maxInFlight: isKept ? 1 : 2,
      keepsConnection: isKept,
      maxMessageBytes: dialect.request.maxMessageBytes ?? Number.POSITIVE_INFINITY,
    },
    codec: dialect.codec,
    oneWay: dialect.reply.carriesNothing === true,
    explain: (error, head, hasAnswered) => explainCall(error, dialect, target, head, hasAnswered),
  };
}

/** Returns a carrier that calls `load` at its first exchange, and passes all exchanges to the carrier that `load` resolves with. */
function lazily(load: () => Promise<Carrier>): Carrier {
  let loading: Promise<Carrier> | undefined;
  let loaded: Carrier | undefined;
  const close = async (): Promise<void> => {
    // If `load` rejected, the exchange that called it was rejected with its error.
    await (await loading?.catch(() => undefined))?.close();
  };
  const first: Carrier['exchange'] = async (request, options) => {
    loading ??= load();
    loaded ??= await loading;
    return await loaded.exchange(request, options);
  };
  return {
    exchange: (request, options) => (loaded ? loaded.exchange(request, options) : first(request, options)),
    rest: () => loaded?.rest?.(),
    unref: () => {
      if (loaded) loaded.unref?.();
      // The first exchange was started before: it waits for the same promise.
      else loading?.then((made) => made.unref?.()).catch(() => {});
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
