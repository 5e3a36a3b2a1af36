// The one error class of this package, and its codes on one page.
// `fault` says who can mend it: the caller, the peer, or what lies between them.

/** What went wrong. Match on these; messages may change. */
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
  /** A message is larger than the limit, or than the framing can say. */
  | 'TRANSPORT_TOO_LARGE'
  /** The stream ended inside a frame. */
  | 'TRANSPORT_TRUNCATED'
  /** The carrier or listener was closed by this program. */
  | 'TRANSPORT_CLOSED'
  /** The address cannot be listened on: it is taken, not this machine's, or the system refuses. */
  | 'TRANSPORT_ADDRESS'
  /** The address is not one that this package understands. */
  | 'TRANSPORT_BAD_ADDRESS'
  /** What was to be sent is no list of Uint8Arrays, or its memory was transferred or resized before it was sent. */
  | 'TRANSPORT_BAD_MESSAGE'
  /** An option or argument is not what it may be. */
  | 'TRANSPORT_BAD_OPTION'
  /** Told to a listener: whoever asked closed or lost the connection before he had his reply. */
  | 'TRANSPORT_CALLER_GONE'
  /**
   * Told to a caller: a reply came too slowly, and its connection was closed. Told to a listener: a caller sent or took too little
   * in too long, and was closed.
   */
  | 'TRANSPORT_TOO_SLOW'
  /** Told to a listener: a caller was closed because a limit that all of them share was reached. */
  | 'TRANSPORT_OVERLOADED'
  /** Told to a listener, and to the handler's signal: the handler has not answered in time. */
  | 'TRANSPORT_HANDLER_LATE';

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
  /** Where the usual fault of the code is not the one: a message of our own that is too large, say. */
  readonly fault?: TransportFault;
}

export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportErrorCode;
  readonly fault: TransportFault;
  /** The values behind the message: what was expected, what came. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(
    code: TransportErrorCode,
    message: string,
    detail: Record<string, unknown> = {},
    options: TransportErrorOptions = {},
  ) {
    super(message, options);
    this.code = code;
    this.fault = options.fault ?? FAULTS[code];
    this.detail = detail;
  }
}

/** Whether `error` was thrown by this package, in whichever copy of it; with `code`, whether it is that one. */
export function isTransportError(error: unknown, code?: TransportErrorCode): error is TransportError {
  try {
    return (
      error instanceof Error &&
      error.name === 'TransportError' &&
      (code === undefined || (error as TransportError).code === code)
    );
  } catch {
    // A proxy may throw at whoever looks at it: whatever was thrown can be asked about here.
    return false;
  }
}

/**
 * Whether `error` says that the peer provably received nothing of the message: no connection was made. Whoever gets it
 * may send the message again. After any other error nobody can know.
 */
export function provesUnseen(error: unknown): boolean {
  return isTransportError(error, 'TRANSPORT_REFUSED') || isTransportError(error, 'TRANSPORT_UNREACHABLE');
}
