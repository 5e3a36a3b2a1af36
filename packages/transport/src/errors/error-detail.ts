// The types of an error's `detail`, by the error's code. Strings that come from a peer are short, with control characters escaped.

/** The type of `detail` for each code. An optional part is there only if it applies. */
export interface DetailByCode {
  TRANSPORT_REFUSED: RefusedDetail;
  TRANSPORT_UNREACHABLE: UnreachableDetail;
  TRANSPORT_CLOSED_BEFORE_REPLY: ClosedDetail;
  TRANSPORT_CLOSED_INSIDE_REPLY: ClosedDetail;
  TRANSPORT_BAD_FRAME: BadFrameDetail;
  TRANSPORT_TOO_LARGE: TooLargeDetail;
  TRANSPORT_TRUNCATED: TruncatedDetail;
  TRANSPORT_CLOSED: CarrierClosedDetail;
  TRANSPORT_ADDRESS: AddressDetail;
  TRANSPORT_BAD_ADDRESS: BadAddressDetail;
  TRANSPORT_BAD_MESSAGE: InvalidMessageDetail;
  TRANSPORT_BAD_OPTION: BadOptionDetail;
  TRANSPORT_CALLER_GONE: CallerGoneDetail;
  TRANSPORT_TOO_SLOW: TooSlowDetail;
  TRANSPORT_OVERLOADED: OverloadedDetail;
  TRANSPORT_HANDLER_LATE: HandlerLateDetail;
}

/** The parts that `detail` may have with any code. */
export interface AnyCodeDetail {
  /** The address of the carrier or listener that had the error. */
  readonly address?: string;
  /** In errors that a listener's `onError` gets: the caller's address. */
  readonly peer?: string;
  /** In errors that a listener's `onError` gets: the first bytes of a connection's first message, framing included, at most 64. */
  readonly head?: Uint8Array;
  /** In errors of a model of @bridge/bridge: the probable cause. */
  readonly hint?: string;
  /** In errors of a model of @bridge/bridge: milliseconds until a message is sent to the model again. */
  readonly againMs?: number;
  /** In errors of a launched model of @bridge/bridge: its address or name. */
  readonly target?: string;
  /** In errors of a launched model of @bridge/bridge: the model's name. */
  readonly model?: string;
  /** In errors of a launched model of @bridge/bridge: the process or container that had the message. */
  readonly instance?: string;
  /** In errors of a launched model of @bridge/bridge: the last lines that the model wrote. */
  readonly lastWords?: readonly string[];
  /** In errors of a launched model of @bridge/bridge: the way in which the model ended, such as its exit code. */
  readonly ending?: object;
  /** In errors of a launched model of @bridge/bridge: true if the model has ended. */
  readonly died?: boolean;
  /** In errors of a launched model of @bridge/bridge: the last lines of the Python traceback with which the model ended. */
  readonly traceback?: readonly string[];
  /**
   * In errors of a launched model of @bridge/bridge: true if the model did not reply to this message, or not whole, and went on to other
   * work.
   */
  readonly unanswered?: boolean;
  /**
   * In errors of a launched model of @bridge/bridge: true if the connection was closed because this or another reply arrived too slowly.
   */
  readonly givenUp?: boolean;
}

interface RefusedDetail extends AnyCodeDetail {
  /** True if another program listens at the address than the one that messages are meant for (`isPeer`). */
  readonly stranger?: boolean;
}

interface UnreachableDetail extends AnyCodeDetail {
  /** The errno of the failed connection, if a program inside a container tried to make it. */
  readonly errno?: number;
  /** The reason for which a launched model of @bridge/bridge cannot be called over its lane, the Unix socket to its container. */
  readonly declined?: string;
  /** True if another host is calling the model. */
  readonly busy?: boolean;
}

interface ClosedDetail extends AnyCodeDetail {
  /** The bytes of the reply that have arrived, framing included. */
  readonly replyBytes: number;
  /** The bytes of the whole reply, if the framing tells them. */
  readonly expected?: number | undefined;
  /** True if the connection was lost (RST) rather than closed (FIN). */
  readonly reset: boolean;
  /** False if the caller did not send this message: the connection was lost, and earlier messages may have been lost with it. */
  readonly sent?: boolean;
}

interface BadFrameDetail extends AnyCodeDetail {
  /** The expected text, or the expected number of bytes. */
  readonly expected?: string | number;
  /** The text that was found. */
  readonly text?: string;
  /** The number of bytes that were found. */
  readonly bytes?: number;
  readonly actual?: number;
  /** The first bytes that were found, in hexadecimal. */
  readonly came?: string;
  /** The reason for which nothing more can be read from the connection, in words. */
  readonly broken?: string;
  /** The bytes of the reply. */
  readonly replyBytes?: number;
  /** The bytes after the end of the reply. None may follow. */
  readonly trailingBytes?: number;
  /** The invalid `skip` that the framing's `measure` function returned. */
  readonly skip?: unknown;
  /** The invalid `length` that the framing's `measure` function returned. */
  readonly length?: unknown;
}

interface TooLargeDetail extends AnyCodeDetail {
  /** The bytes of the message, if they are known. */
  readonly bytes?: number;
  /** The limit. */
  readonly maxMessageBytes?: number;
  /** The number of digits or bytes in which the framing writes a length. */
  readonly width?: number;
}

interface TruncatedDetail extends AnyCodeDetail {
  /** The bytes that have arrived. */
  readonly received: number;
  /** The expected number of bytes, if the framing tells it. */
  readonly expected: number | undefined;
}

interface CarrierClosedDetail extends AnyCodeDetail {
  /** Milliseconds for which a listener waited for requests that were being answered. */
  readonly closeMs?: number;
}

interface AddressDetail extends AnyCodeDetail {
  /** The use of a TCP port that cannot be listened on: another listener, closed connections (TIME_WAIT), or open ones. */
  readonly use?: 'listening' | 'time-wait' | 'connections';
  /** The number of sockets that use the port. */
  readonly sockets?: number;
  /** Milliseconds until the system removes the last closed connection. */
  readonly freeInMs?: number;
  /** The id of the user that can make no folder for turns. */
  readonly uid?: number;
  /** The reason for each folder. */
  readonly problems?: readonly string[];
}

interface BadAddressDetail extends AnyCodeDetail {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly path?: unknown;
  /** The part of the address that is invalid. */
  readonly option?: string;
  /** The valid values of that part, in words; the known names, if its name is unknown. */
  readonly expected?: string | readonly string[];
  readonly actual?: unknown;
  /** The known name that was probably meant. */
  readonly nearest?: string;
}

interface InvalidMessageDetail extends AnyCodeDetail {
  /** The index of the invalid part of the message. */
  readonly part?: number;
  /** The expected number of bytes. */
  readonly expected?: number | undefined;
  /** The number of bytes that were found, or the invalid value. */
  readonly actual?: unknown;
  /** The bytes of the whole message. */
  readonly bytes?: number;
  /** The delimiter that the framing puts after a message. */
  readonly end?: Uint8Array;
}

interface BadOptionDetail extends AnyCodeDetail {
  /** The name of the option or argument. */
  readonly option: string;
  /** The valid values, in words; the known names, if the name is unknown. */
  readonly expected: string | readonly string[];
  readonly actual?: unknown;
  /** The known name that was probably meant. */
  readonly nearest?: string;
}

interface CallerGoneDetail extends AnyCodeDetail {
  /** True if the connection was lost (RST) rather than closed (FIN). */
  readonly reset?: boolean;
}

interface TooSlowDetail extends AnyCodeDetail {
  /** The part of the exchange that was too slow. */
  readonly what: 'first byte' | 'next message' | 'request' | 'reply';
  /** The name of the limit. */
  readonly limit: string;
  /** The milliseconds of the limit. */
  readonly limitMs: number;
  /** The bytes of the message that have arrived, or the bytes of a listener's reply that the system has not taken yet. */
  readonly bytes: number;
}

interface OverloadedDetail extends AnyCodeDetail {
  /** The name of the limit that was reached; `descriptors` is the system's limit on open files. */
  readonly limit: string;
  /** The value of the limit; for `descriptors`, the number of open connections. */
  readonly value?: number;
}

interface HandlerLateDetail extends AnyCodeDetail {
  /** The limit that was exceeded, in milliseconds. */
  readonly handlerMs: number;
}
