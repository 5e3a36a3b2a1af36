// A target that is a carrier of the user's own. The guard relies on the contract of carriers, so this file holds the user's carrier to
// it: the methods are there, a reply is bytes, and an error of `rest` or `unref` reaches no call.

import { isNpyError } from '@bridge/npy';
import { type Carrier, describeValue, isTransportError } from '@bridge/transport';
import { badReply } from '../codecs/bad-message.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import type { Replica } from '../guard/replica.ts';

/** Returns whether a target is a carrier, by the one method that every carrier needs. */
export function isCarrier(target: unknown): target is Carrier {
  return typeof (target as Carrier | null | undefined)?.exchange === 'function';
}

/**
 * Returns the replica behind a carrier of the user's own.
 * @param position the carrier's position in the list of targets
 * @throws BridgeError BRIDGE_TARGET for a carrier that cannot be closed
 */
export function customReplica(carrier: Carrier, position: number): Replica {
  const target = `carrier ${position}`;
  const { [Symbol.asyncDispose]: dispose, rest, unref } = carrier;
  if (typeof dispose !== 'function' || [rest, unref].some((each) => each && typeof each !== 'function')) {
    const message = `${target} is invalid: expected exchange, close and [Symbol.asyncDispose], and rest and unref, if any, as functions`;
    throw new BridgeError('BRIDGE_TARGET', message, { target });
  }
  const close = async (): Promise<void> => await carrier[Symbol.asyncDispose]();
  return {
    target,
    carrier: {
      async exchange(request, options) {
        return bytesOf(target, await carrier.exchange(request, options));
      },
      rest: () => unhandled(() => carrier.rest?.()),
      unref: () => unhandled(() => carrier.unref?.()),
      close,
      [Symbol.asyncDispose]: close,
    },
    explain: (error) =>
      isNpyError(error) || isTransportError(error, 'TRANSPORT_BAD_FRAME') ? badReply(error, null, { target }) : error,
  };
}

/** @throws BridgeError BRIDGE_BAD_REPLY, the caller's fault, if the carrier replied with something else than bytes */
function bytesOf(target: string, reply: unknown): Uint8Array {
  // The tag, in place of instanceof, also accepts a Uint8Array of another realm, such as a vm context. A Buffer has it, too.
  if (Object.prototype.toString.call(reply) === '[object Uint8Array]') return reply as Uint8Array;
  const message = `${target} did not reply with bytes: expected a Uint8Array, got ${describeValue(reply)}`;
  throw new BridgeError('BRIDGE_BAD_REPLY', message, { target, actual: reply }, { fault: 'caller' });
}

/** Calls a function of the user. An error that it throws becomes an unhandled rejection, and does no harm to any call. */
function unhandled(run: () => void): void {
  try {
    run();
  } catch (error) {
    void Promise.reject(error);
  }
}
