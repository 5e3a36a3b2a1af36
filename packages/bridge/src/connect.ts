// From a target to a model: which carrier, behind which guard.
import type { Carrier, FrameLimits } from '@bridge/transport';
import { type Address, parseAddress } from './address.ts';
import { type Dialect, dialects } from './dialects.ts';
import { Guard } from './guard/guard.ts';
import { GuardedModel, type Model } from './model.ts';

/** How to talk to a model. */
export interface ConnectOptions {
  /** What the model speaks. Default: `dialects.seed`. */
  readonly dialect?: Dialect;
  /** Bounds on a reply. Default: one gibibyte. */
  readonly limits?: Partial<FrameLimits>;
}

/**
 * A model to call, at `tcp://host:port` or behind a carrier of your own. Nothing is opened before the first call, and
 * never a connection without a message: a port probe alone kills the kind of server that this is for.
 *
 * @throws BridgeError BRIDGE_TARGET when the target is not understood
 * @example
 * await using model = connect('tcp://localhost:6000');
 * const boxes = await model.call(frame);
 */
export function connect(target: string | Carrier, options: ConnectOptions = {}): Model {
  const carrier = typeof target === 'string' ? tcpCarrier(parseAddress(target), options) : target;
  return new GuardedModel(new Guard(carrier));
}

/** The TCP carrier, loaded when it is first used, so that this module needs no sockets to be imported. */
function tcpCarrier(address: Address, { dialect = dialects.seed, limits }: ConnectOptions): Carrier {
  let loading: Promise<Carrier> | undefined;
  const load = async (): Promise<Carrier> => {
    const { tcp } = await import('@bridge/transport/tcp');
    return tcp(address, { dialect, ...(limits && { limits }) });
  };
  return {
    async exchange(request, options) {
      loading ??= load();
      return (await loading).exchange(request, options);
    },
    async [Symbol.asyncDispose]() {
      await (await loading)?.[Symbol.asyncDispose]();
    },
  };
}
