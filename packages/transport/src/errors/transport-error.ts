// The one error class of this package, and its codes. The type of `detail` for each code is in error-detail.ts.
import type { AnyCodeDetail, DetailByCode } from './error-detail.ts';
import type { Guarded, OneSided } from './type-guards.ts';

/** The kind of an error. Programs should compare codes and not messages, which may change. */
export type TransportErrorCode =
  /** Nothing listens at the address, or another program than the one that is meant: the peer provably received nothing. */
  | 'TRANSPORT_REFUSED'
  /** The address cannot be reached or resolved: the peer provably received nothing. */
  | 'TRANSPORT_UNREACHABLE'
  /** The peer closed or reset the connection before the first byte of its reply. */
  | 'TRANSPORT_CLOSED_BEFORE_REPLY'
  /** The peer closed or reset the connection after a part of its reply. */
  | 'TRANSPORT_CLOSED_INSIDE_REPLY'
  /** The bytes of a frame are invalid in the framing, or bytes follow a reply where none may. */
  | 'TRANSPORT_BAD_FRAME'
  /** A message is larger than the limit, or than the largest length that the framing can express. */
  | 'TRANSPORT_TOO_LARGE'
  /** The stream ended after a part of a frame. */
  | 'TRANSPORT_TRUNCATED'
  /** The carrier or listener was closed by this program. */
  | 'TRANSPORT_CLOSED'
  /** The address cannot be listened on: it is in use, or not this machine's, or the system does not allow it. */
  | 'TRANSPORT_ADDRESS'
  /** The address is invalid. */
  | 'TRANSPORT_BAD_ADDRESS'
  /** The message is not a list of Uint8Arrays, or its memory was transferred or resized before it was sent. */
  | 'TRANSPORT_BAD_MESSAGE'
  /** An option or argument is invalid. */
  | 'TRANSPORT_BAD_OPTION'
  /** For a listener: the caller closed or lost the connection before it had its reply. */
  | 'TRANSPORT_CALLER_GONE'
  /**
   * For a caller: a reply arrived too slowly, and its connection was closed. For a listener: a caller sent too little of a request, or read
   * too little of a reply, within a time limit, and its connection was closed.
   */
  | 'TRANSPORT_TOO_SLOW'
  /** For a listener: a caller's connection was closed because a limit that all callers share was reached. */
  | 'TRANSPORT_OVERLOADED'
  /** For a listener: the handler has not answered within `handlerMs`. Also the reason of the handler's signal. */
  | 'TRANSPORT_HANDLER_LATE';

/** The side that can correct an error: the calling program, the peer, or the environment, such as the system and the network. */
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
  /**
   * Default: the code's usual fault. For example, TRANSPORT_TOO_LARGE is the peer's fault, unless this program's own message is too large.
   */
  readonly fault?: TransportFault;
}

/** The arguments after the message: `detail`, which may be left out if all of its parts are optional, and options. */
type TransportErrorArguments<D> =
  Record<never, never> extends D
    ? [detail?: D, options?: TransportErrorOptions]
    : [detail: D, options?: TransportErrorOptions];

/** An error of this package. The type of its `detail` depends on its code: `TransportError<'TRANSPORT_TOO_SLOW'>`. */
export class TransportError<C extends TransportErrorCode = TransportErrorCode> extends Error {
  override readonly name = 'TransportError';
  readonly code: C;
  readonly fault: TransportFault;
  /** The values that the message shows, for programs: those that were expected, and those that were found. */
  readonly detail: DetailByCode[C];

  constructor(code: C, message: string, ...rest: TransportErrorArguments<DetailByCode[C]>);
  constructor(code: C, message: string, detail: object = {}, options: TransportErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.fault = options.fault ?? FAULTS[code];
    // The cast: the signature above checks that the detail is the code's.
    this.detail = detail as DetailByCode[C];
  }

  /** Declares that `instanceof` narrows the type as `isTransportError` does. */
  declare static readonly [Symbol.hasInstance]: (value: unknown) => value is AnyTransportError;
}

/**
 * A union of the errors with each of the codes `C`: a comparison of `code` narrows the type of `detail`.
 * @example
 * function complain(error: AnyTransportError) {
 *   if (error.code === 'TRANSPORT_TOO_SLOW') console.log(error.detail.limitMs);
 * }
 */
export type AnyTransportError<C extends TransportErrorCode = TransportErrorCode> = { [K in C]: TransportError<K> }[C];

/**
 * Returns whether `error` is a TransportError, of this copy of the package or another, and has the code if one is given.
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
  // `errors.filter(isTransportError)` passes an index as the second argument.
  const isAny = typeof code !== 'string';
  return (
    error instanceof Error && error.name === 'TransportError' && (isAny || (error as TransportError).code === code)
  );
}

/**
 * Returns whether `error` proves that the peer received nothing of the message, because no connection was established. The message may be
 * sent again. After any other error the peer may have received it.
 */
export function provesUnseen(error: unknown): boolean {
  return isTransportError(error, 'TRANSPORT_REFUSED') || isTransportError(error, 'TRANSPORT_UNREACHABLE');
}

/**
 * Returns an error with the code, fault and detail of `error`, and with another message and more detail.
 * @param options the new error's cause. Default: the cause of `error`
 */
export function retold(
  error: AnyTransportError,
  message: string,
  detail: AnyCodeDetail,
  options: ErrorOptions = error.cause === undefined ? {} : { cause: error.cause },
): AnyTransportError {
  const { code, fault } = error;
  // The cast is safe, because the fields that this error code requires come from `error.detail`.
  return new TransportError(code, message, { ...error.detail, ...detail } as DetailByCode[typeof code], {
    ...options,
    fault,
  }) as AnyTransportError;
}
