// A model at a stream socket, as a guard sees it. The dialect says what may be assumed of it, and what its errors may mean.
import type { Carrier } from '@bridge/transport';
import type { CheckedDialect } from '../dialects/check-dialect.ts';
import { explainCall } from '../dialects/hint.ts';
import type { Assumptions, Replica } from '../guard/replica.ts';
import type { OpenOptions } from './scheme.ts';
import type { CheckedStreamOptions } from './stream-scheme-options.ts';

/** Options that a launch adds, because it knows which process listens. */
export interface PeerOptions extends OpenOptions {
  /** Returns whether the process that listens is still the one that messages are meant for: see `isPeer` of @bridge/transport/tcp. */
  readonly isPeer?: ((localPort: number | undefined) => boolean) | undefined;
}

/** The scheme's knowledge of the socket. */
export interface StreamSocket extends Pick<Replica, 'target' | 'listening' | 'takeTurn'> {
  /** Makes the carrier. Called with the first message. */
  open(): Promise<Carrier>;
}

/** Returns the replica at a socket that is not connected to yet. */
export function streamReplica({ open, ...socket }: StreamSocket, { dialect }: CheckedStreamOptions): Replica {
  return { ...socket, ...assumptionsOf(socket.target, dialect), carrier: lazily(open) };
}

/** Returns what a dialect lets a guard assume of a replica, and how the replica's errors are explained. */
export function assumptionsOf(
  target: string,
  dialect: CheckedDialect,
): Pick<Replica, 'codec' | 'explain'> & { readonly assumes: Assumptions } {
  const isKept = dialect.connection === 'persistent';
  return {
    assumes: {
      // On a connection that is kept messages follow each other.
      maxInFlight: isKept ? 1 : 2,
      keepsConnection: isKept,
      maxMessageBytes: dialect.request.maxMessageBytes ?? Number.POSITIVE_INFINITY,
    },
    codec: dialect.codec,
    explain: (error, head, hasAnswered) => explainCall(error, dialect, target, head, hasAnswered),
  };
}

/** Returns a carrier that is made for its first exchange. */
function lazily(load: () => Promise<Carrier>): Carrier {
  let loading: Promise<Carrier> | undefined;
  let loaded: Carrier | undefined;
  const close = async (): Promise<void> => {
    // The caller of a carrier that could not be made has been told why.
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
      // The first exchange goes on before this does.
      else loading?.then((made) => made.unref?.()).catch(() => {});
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
