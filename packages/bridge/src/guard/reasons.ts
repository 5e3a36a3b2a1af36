// The law's reasons as errors, and a carrier's errors as what the law wants to know of them.
import { isTransportError, provesUnseen, TransportError, type TransportErrorCode } from '@bridge/transport';
import { BridgeError } from '../errors.ts';
import type { Failure, Why } from './events.ts';

const LOST: ReadonlySet<TransportErrorCode> = new Set([
  'TRANSPORT_CLOSED_BEFORE_REPLY',
  'TRANSPORT_CLOSED_INSIDE_REPLY',
]);

/** What an exchange's error means for its message. */
export function failureOf(error: unknown): Failure {
  if (provesUnseen(error)) return 'unseen';
  if (isTransportError(error) && error.fault === 'caller') return 'unsent';
  return isTransportError(error) && LOST.has(error.code) ? 'lost' : 'bad';
}

/** The error that a rejected call gets. `targets` names the replicas. */
export function errorOf(why: Why, targets: readonly string[]): unknown {
  switch (why.kind) {
    case 'given up':
      return why.reason;
    case 'failed':
      return why.error;
    case 'closed':
      return new BridgeError('BRIDGE_CLOSED', 'the model was closed');
    case 'queue full': {
      const message = `${why.limit} calls wait already, and no more may`;
      return new BridgeError('BRIDGE_QUEUE_FULL', message, { queueLimit: why.limit });
    }
    case 'wedged': {
      const target = targets[why.lane];
      const silentMs = Math.round(why.silentMs);
      const what = why.begun ? 'has had this message' : 'has been busy with something else';
      const message = `${target} ${what} and given no sign for ${silentMs} ms`;
      return new BridgeError('BRIDGE_WEDGED', message, { target, silentMs, begun: why.begun });
    }
    case 'gone':
      return goneError(why);
  }
}

/** The error that showed it, again for a call that was not tried. */
function goneError({ error, againMs }: Why & { kind: 'gone' }): unknown {
  if (!isTransportError(error)) return error;
  const message = `${error.message}; not tried again for another ${Math.ceil(againMs)} ms`;
  return new TransportError(error.code, message, { ...error.detail, againMs }, { cause: error });
}

/** The machine does not let us take turns. */
export function turnError(target: string, cause: unknown): BridgeError {
  const { message } = cause as Error;
  return new BridgeError(
    'BRIDGE_TURN',
    `the processes of this machine cannot take turns at ${target}: ${message}; \`shared: false\` goes without`,
    { target },
    { cause },
  );
}
