// The one error class of this package, and its codes on one page. The detail of each code is in error-detail.ts.
import type { AnyCodeDetail, DetailByCode } from './error-detail.ts';
import type { Guarded, OneSided } from './type-guards.ts';

/** The kind of an error. Compare codes and not messages, which may change. */
export type TransportErrorCode =
  /** Nothing listens at the address: the peer provably saw nothing. */
  | 'TRANSPORT_REFUSED'
  /** The address cannot be reached or resolved: the peer provably saw nothing. */
  | 'TRANSPORT_UNREACHABLE'
  /** The peer closed or reset the connection before the first byte of its reply. */
  | 'TRANSPORT_CLOSED_BEFORE_REPLY'
  /** The peer closed or reset the connection inside its reply. */
  | 'TRANSPORT_CLOSED_INSIDE_REPLY'
  /** A frame's length is not what the framing asks for, or bytes follow where none may. */
  | 'TRANSPORT_BAD_FRAME'
  /** A message is larger than the limit, or than the length that the framing can express. */
  | 'TRANSPORT_TOO_LARGE'
  /** The stream ended inside a frame. */
  | 'TRANSPORT_TRUNCATED'
  /** The carrier or listener was closed by this program. */
  | 'TRANSPORT_CLOSED'
  /** The address cannot be listened on: it is taken, not this machine's, or the system refuses. */
  | 'TRANSPORT_ADDRESS'
  /** The address is not one that this package understands. */
  | 'TRANSPORT_BAD_ADDRESS'
  /** The message is not a list of Uint8Arrays, or its memory was transferred or resized before it was sent. */
  | 'TRANSPORT_BAD_MESSAGE'
  /** An option or argument is not what it may be. */
  | 'TRANSPORT_BAD_OPTION'
  /** For a listener: the caller closed or lost the connection before it had its reply. */
  | 'TRANSPORT_CALLER_GONE'
  /**
   * For a caller: a reply came too slowly, and its connection was closed. For a listener: a caller sent too little of a request, or took too
   * little of a reply, within a time limit, and its connection was closed.
   */
  | 'TRANSPORT_TOO_SLOW'
  /** For a listener: a caller's connection was closed because a limit that all callers share was reached. */
  | 'TRANSPORT_OVERLOADED'
  /** For a listener, and the reason of the handler's signal: the handler has not answered in time. */
  | 'TRANSPORT_HANDLER_LATE';

/** The side that can mend an error: the calling program, the peer, or those who run what lies between them. */
export type TransportFault = 'caller' | 'peer' | 'environment';

const FAULTS: Readonly<Record<TransportErrorCode, TransportFault>> = {
  TRANSPORT_REFUSED: 'environment',
  TRANSPORT_UNREACHABLE: 'environment',
  TRANSPORT_CLOSED_BEFORE_REPLY: 'peer',
  TRANSPORT_CLOSED_INSIDE_REPLY: 'peer',
  TRANSPORT_BAD_FRAME: 'peer',
  TRANSPORT_TOO_LARGE: 'peer',
  TRANSPORT_TRUNCATED: 'peer',
  TRANSPORT_CLOSED: 'caller',
  TRANSPORT_ADDRESS: 'environment',
  TRANSPORT_BAD_ADDRESS: 'caller',
  TRANSPORT_BAD_MESSAGE: 'caller',
  TRANSPORT_BAD_OPTION: 'caller',
  TRANSPORT_CALLER_GONE: 'peer',
  TRANSPORT_TOO_SLOW: 'peer',
  TRANSPORT_OVERLOADED: 'environment',
  TRANSPORT_HANDLER_LATE: 'caller',
};

interface TransportErrorOptions extends ErrorOptions {
  /** Default: the usual fault of the code. A message of our own that is too large is the caller's, for example. */
  readonly fault?: TransportFault;
}

/** The detail and the options of an error. A detail whose every part is optional may be left out. */
type TransportErrorArguments<D> =
  Record<never, never> extends D
    ? [detail?: D, options?: TransportErrorOptions]
    : [detail: D, options?: TransportErrorOptions];

/** An error of this package. Its code says what its detail holds: `TransportError<'TRANSPORT_TOO_SLOW'>`. */
export class TransportError<C extends TransportErrorCode = TransportErrorCode> extends Error {
  override readonly name = 'TransportError';
  readonly code: C;
  readonly fault: TransportFault;
  /** The values that the message names, for programs: those that were expected, and those that came. */
  readonly detail: DetailByCode[C];

  constructor(code: C, message: string, ...rest: TransportErrorArguments<DetailByCode[C]>);
  constructor(code: C, message: string, detail: object = {}, options: TransportErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.fault = options.fault ?? FAULTS[code];
    // The cast: the signature above, which callers see, has held the detail against the code.
    this.detail = detail as DetailByCode[C];
  }

  /** Tells the compiler that `instanceof` narrows as `isTransportError` does. */
  declare static readonly [Symbol.hasInstance]: (value: unknown) => value is AnyTransportError;
}

/**
 * An error of one of the given codes. Its code says what its detail holds.
 * @example
 * function complain(error: AnyTransportError) {
 *   if (error.code === 'TRANSPORT_TOO_SLOW') console.log(error.detail.limitMs);
 * }
 */
export type AnyTransportError<C extends TransportErrorCode = TransportErrorCode> = { [K in C]: TransportError<K> }[C];

/**
 * Returns whether `error` is an error of any copy of this package, and has the code if one is given.
 * @example
 * if (isTransportError(error, 'TRANSPORT_CLOSED_INSIDE_REPLY')) console.log(error.detail.replyBytes);
 */
export function isTransportError<C extends TransportErrorCode>(
  error: unknown,
  code: C,
): error is Guarded<AnyTransportError<C>, C>;
export function isTransportError(
  error: unknown,
  code: TransportErrorCode | undefined,
): error is OneSided<AnyTransportError>;
export function isTransportError(error: unknown): error is AnyTransportError;
export function isTransportError(error: unknown, code?: TransportErrorCode): boolean {
  // `filter` passes an index in place of a code.
  const isAny = typeof code !== 'string';
  try {
    return (
      error instanceof Error && error.name === 'TransportError' && (isAny || (error as TransportError).code === code)
    );
  } catch {
    // A handler may throw anything, also a proxy that throws when it is looked at.
    return false;
  }
}

/**
 * Returns whether `error` says that the peer provably received nothing of the message, because no connection was made. The message may
 * be sent again. After any other error nobody can know.
 */
export function provesUnseen(error: unknown): boolean {
  return isTransportError(error, 'TRANSPORT_REFUSED') || isTransportError(error, 'TRANSPORT_UNREACHABLE');
}

/**
 * Returns an error of the same code and fault with another message, and more in its detail.
 * @param options default: the cause of `error`
 */
export function retold(
  error: AnyTransportError,
  message: string,
  detail: AnyCodeDetail,
  options: ErrorOptions = error.cause === undefined ? {} : { cause: error.cause },
): AnyTransportError {
  const { code, fault } = error;
  // The cast: what a detail has stays, whichever code it is.
  return new TransportError(code, message, { ...error.detail, ...detail } as DetailByCode[typeof code], {
    ...options,
    fault,
  }) as AnyTransportError;
}
