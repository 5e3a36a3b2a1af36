// The lane's errors: the transport's codes, so that whoever guards a model knows what they mean for a message, and in
// `detail` what only the lane can know.
import { TransportError } from '@bridge/transport';
import { bounded, boundedLines, quoted } from '../quoted.ts';

/** How much of a traceback goes into `detail`. */
const TRACEBACK_LINES = 20;

/** What is known of a lane that is over. */
export type LaneEnd =
  | { readonly how: 'died'; readonly traceback: string }
  | { readonly how: 'declined'; readonly reason: string }
  | { readonly how: 'busy' }
  | { readonly how: 'lost'; readonly cause?: Error }
  | { readonly how: 'broken'; readonly bytes: Uint8Array };

/**
 * For a message that the model may have taken.
 * @returns TRANSPORT_CLOSED_BEFORE_REPLY or TRANSPORT_CLOSED_INSIDE_REPLY; TRANSPORT_BAD_FRAME where the lane broke
 */
export function lostMessage(address: string, end: LaneEnd, replyBytes: number): TransportError {
  const { message, detail, cause } = words(address, end);
  if (end.how === 'broken') return new TransportError('TRANSPORT_BAD_FRAME', message, detail);
  const inside = replyBytes > 0;
  return new TransportError(
    inside ? 'TRANSPORT_CLOSED_INSIDE_REPLY' : 'TRANSPORT_CLOSED_BEFORE_REPLY',
    `${message} ${inside ? `inside its reply, after ${replyBytes} bytes` : 'before its reply'}`,
    { ...detail, replyBytes },
    { cause },
  );
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

/** The model closed its connection, or took the next message, before its reply was whole, and goes on. */
export function unansweredMessage(address: string, replyBytes: number, cause: unknown): TransportError {
  const inside = replyBytes > 0;
  return new TransportError(
    inside ? 'TRANSPORT_CLOSED_INSIDE_REPLY' : 'TRANSPORT_CLOSED_BEFORE_REPLY',
    `the model at ${address} went on ${inside ? `after ${replyBytes} bytes of its reply` : 'without a reply'}`,
    { address, replyBytes, unanswered: true },
    { cause },
  );
}

/** A message lost its memory before it was sent: nothing of it was. */
export function shrunkMessage(address: string, expected: number, actual: number): TransportError {
  const message = `a message of ${expected} bytes has ${actual} left: memory was transferred or resized before it was sent`;
  return new TransportError('TRANSPORT_BAD_MESSAGE', message, { address, expected, actual });
}

function words(
  address: string,
  end: LaneEnd,
): { message: string; detail: Record<string, unknown>; cause: Error | undefined } {
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
    case 'broken': {
      const came = [...end.bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
      return { message: `${model} sent what is no frame: ${came}`, detail: { address, came }, cause: undefined };
    }
  }
}
