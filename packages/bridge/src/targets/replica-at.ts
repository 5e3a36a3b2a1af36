// A model at an address, as a guard sees it: the carrier there, its turns, and what the kernel knows of its port. What
// needs sockets is loaded when it is first used, so that importing this needs none.
import type { Carrier, ReplyLimits } from '@bridge/transport';
import type { Dialect } from '../dialects/dialect.ts';
import type { Replica } from '../guard/replica.ts';
import { type Address, addressText } from './address.ts';

/** How to reach it. */
export interface ReplicaOptions {
  readonly limits?: Partial<ReplyLimits> | undefined;
  readonly shared?: boolean;
  /** Whether who listens there is still whom messages are meant for, where that is known: see `tcp`. */
  readonly isPeer?: (localPort: number | undefined) => boolean;
}

export function replicaAt(
  address: Address,
  dialect: Dialect,
  { limits, shared = true, isPeer }: ReplicaOptions,
): Replica {
  const target = addressText(address);
  const options = { dialect, ...(limits && { limits }), ...(isPeer && { isPeer }) };
  const carrier = lazily(async () => {
    if (address.kind === 'unix') {
      const { unix } = await import('@bridge/transport/unix');
      return unix({ path: address.path }, options);
    }
    const { tcp } = await import('@bridge/transport/tcp');
    return tcp({ host: address.host, port: address.port }, options);
  });
  const turns = (): Promise<typeof import('@bridge/transport/turns')> => import('@bridge/transport/turns');
  return {
    target,
    carrier,
    ...(address.kind === 'tcp' && {
      listening: async () => {
        const { isLoopback, listening } = await turns();
        return isLoopback(address.host) ? await listening({ host: address.host, port: address.port }) : undefined;
      },
    }),
    ...(shared && {
      takeTurn: async (slot, onWanted, signal, onHolder) => {
        const { isLoopback, takeTurn } = await turns();
        return await takeTurn(`${turnOf(address, isLoopback)}:${slot}`, {
          onWanted,
          signal,
          onHolder,
        });
      },
    }),
  };
}

/** One name for all that is one model to this machine, as far as its address tells. */
function turnOf(address: Address, isLoopback: (host: string) => boolean): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return `tcp:${isLoopback(address.host) ? 'loopback' : address.host}:${address.port}`;
}

/** A carrier that is made for its first exchange. */
function lazily(load: () => Promise<Carrier>): Carrier {
  let loading: Promise<Carrier> | undefined;
  let loaded: Carrier | undefined;
  const close = async (): Promise<void> => {
    // One that cannot be made has told whoever asked for it.
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
