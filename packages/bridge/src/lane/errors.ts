// The lane's errors: the transport's codes, so that whoever guards a model knows what they mean for a message, and in
// `detail` what only the lane can know.
import { TransportError } from '@bridge/transport';
import { lostError } from '@bridge/transport/internal';
import { bounded, boundedLines, quoted } from '../errors/quoted.ts';

/** The longest part of a traceback that goes into `detail`. */
const TRACEBACK_LINES = 20;

/** The facts about a lane that is over. */
export type LaneEnd =
  | { readonly how: 'died'; readonly traceback: string }
  | { readonly how: 'declined'; readonly reason: string }
  | { readonly how: 'busy' }
  | { readonly how: 'lost'; readonly cause?: Error }
  /** Given up by its host: a reply dripped. */
  | { readonly how: 'slow'; readonly error: TransportError<'TRANSPORT_TOO_SLOW'> }
  | { readonly how: 'broken'; readonly why: string; readonly bytes: Uint8Array };

/**
 * For a message that the model may have taken.
 * @returns TRANSPORT_CLOSED_BEFORE_REPLY or TRANSPORT_CLOSED_INSIDE_REPLY; TRANSPORT_BAD_FRAME where the lane broke
 */
export function lostMessage(address: string, end: LaneEnd, replyBytes: number): TransportError {
  const { message, detail, cause } = words(address, end);
  if (end.how !== 'broken') return lostError(message, { ...detail, replyBytes }, cause);
  const when = replyBytes > 0 ? `inside its reply, after ${replyBytes} bytes` : 'before its reply';
  return new TransportError('TRANSPORT_BAD_FRAME', `${message} ${when}`, detail);
}

/** For a message whose reply dripped. */
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
 * For a message that the model provably never took: it may be sent again, elsewhere or later.
 * @returns TRANSPORT_UNREACHABLE where the lane is not for us (`detail.declined`, `detail.busy`), else TRANSPORT_REFUSED
 */
export function unseenMessage(address: string, end: LaneEnd): TransportError {
  const { message, detail, cause } = words(address, end);
  const forUs = end.how !== 'declined' && end.how !== 'busy';
  const what = forUs ? `${message} before it took this message` : message;
  return new TransportError(forUs ? 'TRANSPORT_REFUSED' : 'TRANSPORT_UNREACHABLE', what, detail, { cause });
}

/**
 * For whoever waits for the model's hello.
 * @returns TRANSPORT_BAD_FRAME where it said something else, else as for a message that it never took
 */
export function unopened(address: string, end: LaneEnd): TransportError {
  if (end.how !== 'broken') return unseenMessage(address, end);
  const { message, detail } = words(address, end);
  return new TransportError('TRANSPORT_BAD_FRAME', `${message} before it said hello`, detail);
}

/** The model closed its connection, or took the next message, before its reply was whole, and goes on. */
export function unansweredMessage(address: string, replyBytes: number, cause: unknown): TransportError {
  const what = `the model at ${address} went on to something else`;
  return lostError(what, { address, replyBytes, unanswered: true }, cause);
}

/** A message lost its memory before it was sent: nothing of it was. */
export function shrunkMessage(address: string, expected: number, actual: number): TransportError {
  const message = `a message of ${expected} bytes has ${actual} left: memory was transferred or resized before it was sent`;
  return new TransportError('TRANSPORT_BAD_MESSAGE', message, { address, expected, actual });
}

/** A reply that is said to lie in memory, and does not. */
export function shortMemory(path: string, held: number, expected: number): TransportError {
  const address = `unix://${path}`;
  const message = `the model at ${address} said that a reply of ${expected} bytes lies in the memory lent to it, which holds ${held}`;
  return new TransportError('TRANSPORT_BAD_FRAME', message, { address, expected, actual: held });
}

function words(
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
        message: `${model} cannot be called by a lane: ${quoted(end.reason)}`,
        detail: { address, declined: bounded(end.reason) },
        cause: undefined,
      };
    case 'busy':
      return { message: `another host calls ${model}`, detail: { address, busy: true }, cause: undefined };
    case 'lost':
      return { message: `${model} was gone`, detail: { address, died: true }, cause: end.cause };
    case 'slow':
      return {
        message: `${model} answered another message in drops, and its lane was given up`,
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
