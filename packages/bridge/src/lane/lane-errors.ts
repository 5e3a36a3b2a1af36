// The lane's errors. They have the transport's codes, from which a guard knows what each means for a message, and in `detail` the facts
// that only the lane knows.
import { TransportError } from '@bridge/transport';
import { lostError } from '@bridge/transport/internal';
import { bounded, boundedLines, quoted } from '../errors/quoted.ts';

/** The most lines of a traceback in `detail`: its last. */
const TRACEBACK_LINES = 20;

/** The way in which a lane ended. */
export type LaneEnd =
  | { readonly how: 'died'; readonly traceback: string }
  | { readonly how: 'declined'; readonly reason: string }
  | { readonly how: 'busy' }
  | { readonly how: 'lost'; readonly cause?: Error }
  /** This host ended the lane, because a reply arrived too slowly. */
  | { readonly how: 'slow'; readonly error: TransportError<'TRANSPORT_TOO_SLOW'> }
  | { readonly how: 'broken'; readonly why: string; readonly bytes: Uint8Array };

/**
 * Returns the error for a message that the model may have taken: TRANSPORT_CLOSED_BEFORE_REPLY or TRANSPORT_CLOSED_INSIDE_REPLY;
 * TRANSPORT_BAD_FRAME if the model sent an invalid frame.
 */
export function lostMessage(address: string, end: LaneEnd, replyBytes: number): TransportError {
  const { message, detail, cause } = describeEnd(address, end);
  if (end.how !== 'broken') return lostError(message, { ...detail, replyBytes }, cause);
  const when = replyBytes > 0 ? `inside its reply, after ${replyBytes} bytes` : 'before its reply';
  return new TransportError('TRANSPORT_BAD_FRAME', `${message} ${when}`, detail);
}

/** Returns the error for a message whose reply arrived too slowly. */
export function slowReply(
  address: string,
  { message, detail }: TransportError<'TRANSPORT_TOO_SLOW'>,
): TransportError<'TRANSPORT_TOO_SLOW'> {
  return new TransportError('TRANSPORT_TOO_SLOW', `the model at ${address}: ${message}`, {
    ...detail,
    address,
    givenUp: true,
  });
}

/**
 * Returns the error for a message that the model provably never took, so that it may be sent again, elsewhere or later:
 * TRANSPORT_UNREACHABLE if the shim declined the lane or another host has it (`detail.declined`, `detail.busy`), else TRANSPORT_REFUSED.
 */
export function unseenMessage(address: string, end: LaneEnd): TransportError {
  const { message, detail, cause } = describeEnd(address, end);
  const isOurs = end.how !== 'declined' && end.how !== 'busy';
  const what = isOurs ? `${message} before it took this message` : message;
  return new TransportError(isOurs ? 'TRANSPORT_REFUSED' : 'TRANSPORT_UNREACHABLE', what, detail, { cause });
}

/**
 * Returns the error for a lane that did not open: TRANSPORT_BAD_FRAME if the model's first frame was not a hello, else the error for a
 * message that the model never took.
 */
export function unopened(address: string, end: LaneEnd): TransportError {
  if (end.how !== 'broken') return unseenMessage(address, end);
  const { message, detail } = describeEnd(address, end);
  return new TransportError('TRANSPORT_BAD_FRAME', `${message} before it said hello`, detail);
}

/**
 * Returns the error for a message whose reply was not complete when the model closed the connection, or took the next message. The model
 * is still running.
 */
export function unansweredMessage(address: string, replyBytes: number, cause: unknown): TransportError {
  const what = `the model at ${address} closed the connection or took another message,`;
  return lostError(what, { address, replyBytes, unanswered: true }, cause);
}

/** Returns the error for a message whose memory was transferred or shrank before it was sent. Nothing of it was sent. */
export function shrunkMessage(address: string, expected: number, actual: number): TransportError {
  const message = `a message of ${expected} bytes has ${actual} left: its memory was transferred or resized before it was sent`;
  return new TransportError('TRANSPORT_BAD_MESSAGE', message, { address, expected, actual });
}

/** Returns the error for a reply that is shorter in its lent file than the model said. */
export function shortMemory(path: string, held: number, expected: number): TransportError {
  const address = `unix://${path}`;
  const message = `the model at ${address} said that a reply of ${expected} bytes is in the file lent to it, which holds ${held} bytes`;
  return new TransportError('TRANSPORT_BAD_FRAME', message, { address, expected, actual: held });
}

/** Returns what the errors of a lane's messages have in common: the beginning of their text, their detail, and their cause. */
function describeEnd(
  address: string,
  end: LaneEnd,
): {
  message: string;
  detail: { readonly address: string; readonly [more: string]: unknown };
  cause: Error | undefined;
} {
  const model = `the model at ${address}`;
  switch (end.how) {
    case 'died': {
      const traceback = boundedLines(end.traceback.trimEnd().split('\n').slice(-TRACEBACK_LINES));
      const last = traceback.at(-1);
      const message = last ? `${model} died of ${quoted(last)},` : `${model} ended`;
      return { message, detail: { address, died: true, traceback }, cause: undefined };
    }
    case 'declined':
      return {
        message: `${model} cannot be called by its lane (the fast path that replaces its port): ${quoted(end.reason)}`,
        detail: { address, declined: bounded(end.reason) },
        cause: undefined,
      };
    case 'busy':
      return { message: `another host calls ${model}`, detail: { address, busy: true }, cause: undefined };
    case 'lost':
      return { message: `${model} was gone`, detail: { address, died: true }, cause: end.cause };
    case 'slow':
      return {
        message: `${model} answered another message too slowly, so its lane was closed`,
        detail: { address, givenUp: true },
        cause: end.error,
      };
    case 'broken': {
      const came = [...end.bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
      const message = `${model} ${end.why}, so that its lane cannot be read any further (${came}),`;
      return { message, detail: { address, came, broken: end.why }, cause: undefined };
    }
  }
}
