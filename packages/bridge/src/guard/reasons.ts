// Turns the state machine's reasons for rejecting a call into errors, and a carrier's errors into the state machine's kinds of failure.
import { isTransportError, provesUnseen, type TransportErrorCode } from '@bridge/transport';
import { retold } from '@bridge/transport/internal';
import { BridgeError } from '../errors/bridge-error.ts';
import { Expired } from '../platform/deadline.ts';
import type { Failure, OtherHolder, RejectReason, WaitReason } from './events.ts';
import type { Replica } from './replica.ts';

const LOST: ReadonlySet<TransportErrorCode> = new Set([
  'TRANSPORT_CLOSED_BEFORE_REPLY',
  'TRANSPORT_CLOSED_INSIDE_REPLY',
  // This end has closed the connection. The model may have received the message.
  'TRANSPORT_TOO_SLOW',
]);

/** Returns the kind of failure that an exchange's error stands for. */
export function failureOf(error: unknown): Failure {
  if (provesUnseen(error)) return 'unseen';
  if (isTransportError(error) && error.fault === 'caller') return 'unsent';
  return isTransportError(error) && LOST.has(error.code) ? 'lost' : 'bad';
}

/** Returns the error of a call that was aborted: the signal's own reason, or an error for a timeout that says how far the message was. */
export function givenUp(reason: unknown, begun: boolean, queued: number, waitedFor?: string): unknown {
  return reason instanceof Expired ? reason.error(begun, queued, waitedFor) : reason;
}

/** Returns the reason for which a call waited, in words. */
function waitedFor({ by, replica, holder }: WaitReason, replicas: readonly Replica[]): string {
  const target = replicas[replica]?.target ?? '';
  switch (by) {
    case 'given up':
      return `${target} still works on an earlier call that was aborted or timed out, and finishes it first: give calls more time, or restart the model`;
    case 'turn':
      return `${holderText(holder)} has the turn to call ${target}`;
    case 'down':
      return `${target} could not be reached`;
    case 'held':
      return `${target} is being started`;
    case 'busy':
      return `${target} works on another call`;
  }
}

function holderText(holder: OtherHolder | undefined): string {
  if (holder?.isHere) return 'another model object of this program';
  return holder?.pid === undefined ? 'another process' : `process ${holder.pid}`;
}

/** Returns the error of a call of a model that was closed before the call's message was begun, or before it was answered. */
export function modelClosedError(targets: readonly string[], begun: boolean): BridgeError {
  const target = targets.join(' ');
  const when = begun ? 'was closed, and this message was not answered within the timeout of close()' : 'was closed';
  return new BridgeError('BRIDGE_CLOSED', `the model at ${target} ${when}`, { target, begun });
}

/** Returns the error of a rejected call. `queued` is the number of calls that wait. */
export function errorOf(why: RejectReason, replicas: readonly Replica[], queued: number): unknown {
  switch (why.kind) {
    case 'given up':
      return givenUp(why.reason, why.begun, queued, why.waitReason && waitedFor(why.waitReason, replicas));
    case 'failed':
      return why.error;
    case 'closed':
      return modelClosedError(
        replicas.map(({ target }) => target),
        false,
      );
    case 'queue full': {
      const wait = why.limit === 1 ? '1 call waits' : `${why.limit} calls wait`;
      const message = `${wait} already, and no more may: wait for answers between calls, or raise \`queueLimit\``;
      return new BridgeError('BRIDGE_QUEUE_FULL', message, { queueLimit: why.limit });
    }
    case 'wedged': {
      const { target, lastWords } = replicas[why.replica] ?? {};
      const silentMs = Math.round(why.silentMs);
      const what = why.begun ? 'has had this message' : 'has had another message';
      const message = `${target} ${what} and shown no sign of life for ${silentMs} ms`;
      return new BridgeError('BRIDGE_WEDGED', message, {
        target,
        silentMs,
        begun: why.begun,
        ...(lastWords && { lastWords: lastWords() }),
      });
    }
    case 'taken':
      return takenError(why, replicas[why.replica]?.target ?? '');
    case 'gone':
      return unsentError(why);
  }
}

/** Returns the error of a call that was never begun because another process keeps the turn. Nothing is known of the model. */
function takenError({ holder, heldMs }: RejectReason & { kind: 'taken' }, target: string): BridgeError {
  const ms = Math.round(heldMs);
  const what = holder?.isHere
    ? 'A call of that object has had no answer'
    : 'A call of that process has had no answer, or the process is stopped';
  return new BridgeError(
    'BRIDGE_TURN',
    `${target} was not called: ${holderText(holder)} has had the turn to call it for ${ms} ms and does not release it. ${what}`,
    { target, heldMs: ms, holder: holder?.pid },
  );
}

/** Returns the error of the last failed connection, for a call whose message was not sent. */
function unsentError({ error, againMs }: RejectReason & { kind: 'gone' }): unknown {
  if (!isTransportError(error)) return error;
  const message = `${error.message}; this message was not sent, and the model is called again in ${Math.ceil(againMs)} ms`;
  return retold(error, message, { againMs }, { cause: error });
}

/** Returns the error for a system that does not let processes take turns at a model. */
export function turnError(target: string, cause: unknown): BridgeError {
  const { message } = cause as Error;
  return new BridgeError(
    'BRIDGE_TURN',
    `the processes of this machine cannot take turns at ${target}: ${message}; with \`shared: false\` no turns are taken`,
    { target },
    { cause },
  );
}
