// A target that is a carrier which the user has written. A guard relies on the contract of carriers, so this file checks the user's
// carrier: its methods exist, a message still has its memory when it is sent, and a reply is bytes. An error that `rest` or `unref` throws
// is kept away from calls.
import { type Carrier, describeValue } from '@bridge/transport';
import { checkMessage } from '@bridge/transport/internal';
import { badReply } from '../codecs/bad-message.ts';
import { isInvalidReply } from '../dialects/hint.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import type { Replica } from '../guard/replica.ts';

/** Returns whether a target is a carrier: it has the method `exchange`. */
export function isCarrier(target: unknown): target is Carrier {
  return typeof (target as Carrier | null | undefined)?.exchange === 'function';
}

/**
 * Returns a replica that is called through the user's carrier.
 * @param position the carrier's position in the list of targets
 * @throws BridgeError BRIDGE_TARGET if `Symbol.asyncDispose`, or `rest` or `unref` if there are any, is not a function
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
        // The arrays of a call that has waited may have been transferred away meanwhile.
        checkMessage(request);
        return bytesOf(target, await carrier.exchange(request, options));
      },
      rest: () => unhandled(() => carrier.rest?.()),
      unref: () => unhandled(() => carrier.unref?.()),
      close,
      [Symbol.asyncDispose]: close,
    },
    explain: (error) => (isInvalidReply(error) ? badReply(error, null, { target }) : error),
  };
}

/**
 * Returns the reply, which has to be bytes.
 * @throws BridgeError BRIDGE_BAD_REPLY, with the fault `caller`, if the reply is not a Uint8Array
 */
function bytesOf(target: string, reply: unknown): Uint8Array {
  // Unlike `instanceof`, the tag also accepts a Uint8Array of another realm, such as a vm context. A Buffer has the tag, too.
  if (Object.prototype.toString.call(reply) === '[object Uint8Array]') return reply as Uint8Array;
  const message = `${target} did not reply with bytes: expected a Uint8Array, got ${describeValue(reply)}`;
  throw new BridgeError('BRIDGE_BAD_REPLY', message, { target, actual: reply }, { fault: 'caller' });
}

/** Calls a function of the user. An error that it throws becomes an unhandled rejection, and no call fails because of it. */
function unhandled(run: () => void): void {
  try {
    run();
  } catch (error) {
    void Promise.reject(error);
  }
}
