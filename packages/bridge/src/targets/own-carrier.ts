// A carrier that the user brought, as a guard sees it. The guard counts on a carrier's manners; here they are made sure of.
import { type Carrier, describeValue } from '@bridge/transport';
import { BridgeError } from '../errors/bridge-error.ts';
import { partsOf } from '../errors/options.ts';
import type { Replica } from '../guard/replica.ts';

/**
 * @param at its place among the targets
 * @throws BridgeError BRIDGE_TARGET for what cannot be closed
 */
export function ownReplica(carrier: Carrier, at: number): Replica {
  const target = `carrier ${at}`;
  const methods = partsOf<Carrier>(target, carrier, [Symbol.asyncDispose, 'rest', 'unref'], 'BRIDGE_TARGET');
  const { [Symbol.asyncDispose]: dispose, rest, unref } = methods;
  if (typeof dispose !== 'function' || [rest, unref].some((each) => each && typeof each !== 'function')) {
    const message = `${target} is no carrier: expected exchange, close and [Symbol.asyncDispose], and rest and unref, if any, as functions`;
    throw new BridgeError('BRIDGE_TARGET', message, { target });
  }
  const close = async (): Promise<void> => await carrier[Symbol.asyncDispose]();
  return {
    target,
    carrier: {
      async exchange(request, options) {
        return bytesOf(target, await carrier.exchange(request, options));
      },
      rest: () => apart(() => carrier.rest?.()),
      unref: () => apart(() => carrier.unref?.()),
      close,
      [Symbol.asyncDispose]: close,
    },
  };
}

/** @throws BridgeError BRIDGE_BAD_REPLY, the caller's fault, where a carrier gives something else than bytes */
function bytesOf(target: string, reply: unknown): Uint8Array {
  // Of whichever realm; a Buffer is one.
  if (Object.prototype.toString.call(reply) === '[object Uint8Array]') return reply as Uint8Array;
  const message = `${target} gave no reply: expected a Uint8Array, got ${describeValue(reply)}`;
  throw new BridgeError('BRIDGE_BAD_REPLY', message, { target, actual: reply }, { fault: 'caller' });
}

/** What it throws goes where it harms no call: it becomes a rejection that nobody handles. */
function apart(run: () => void): void {
  try {
    run();
  } catch (error) {
    void Promise.reject(error);
  }
}
