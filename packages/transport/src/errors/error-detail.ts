// The types of an error's detail, by the error's code. Texts of a peer are printable and short.

/** The `detail` of each code. Each optional part is present only where it belongs to what went wrong. */
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

/** The parts that the detail of any code may have. */
export interface AnyCodeDetail {
  /** The address at which the error came about, once there is a connection. */
  readonly address?: string;
  /** The caller's address, in errors that a listener's `onError` gets. */
  readonly peer?: string;
  /** The first bytes of a connection's first message, at most 64 with framing, in errors that a listener's `onError` gets. */
  readonly head?: Uint8Array;
  /** In errors of a model of @bridge/bridge: a guess at what is wrong. */
  readonly hint?: string;
  /** In errors of a model of @bridge/bridge: the milliseconds until the peer is tried again. */
  readonly againMs?: number;
  /** In errors of a model of @bridge/bridge that runs on this machine: its name, and the instance that had the message. */
  readonly target?: string;
  readonly model?: string;
  readonly instance?: string;
  /** The last lines that the model wrote. */
  readonly lastWords?: readonly string[];
  /** The way in which the model ended. */
  readonly ending?: object;
  /** True if the model has ended. */
  readonly died?: boolean;
  /** The last lines of the traceback with which the model ended. */
  readonly traceback?: readonly string[];
  /** True if the model went on to other work without a whole reply, and still runs. */
  readonly unanswered?: boolean;
  /** True if the connection was given up because another reply, or this one, came too slowly. */
  readonly givenUp?: boolean;
}

interface RefusedDetail extends AnyCodeDetail {
  /** True if the program that listens there is not the one that messages are meant for. */
  readonly stranger?: boolean;
}

interface UnreachableDetail extends AnyCodeDetail {
  /** The errno of the failed connection, if a program in a container opened it for this one. */
  readonly errno?: number;
  /** The reason for which a launched model of @bridge/bridge cannot be called over its lane. */
  readonly declined?: string;
  /** True if another host calls the model. */
  readonly busy?: boolean;
}

interface ClosedDetail extends AnyCodeDetail {
  /** All bytes of the reply that came, framing included. */
  readonly replyBytes: number;
  /** Bytes of the whole reply, if they are known. */
  readonly expected?: number | undefined;
  /** True if the connection was lost (RST) rather than closed (FIN). */
  readonly reset: boolean;
  /** False if the message was not sent, because messages before it may have been lost. */
  readonly sent?: boolean;
}

interface BadFrameDetail extends AnyCodeDetail {
  /** The text or the bytes that there should be. */
  readonly expected?: string | number;
  /** The text that came. */
  readonly text?: string;
  /** Bytes that came. */
  readonly bytes?: number;
  readonly actual?: number;
  /** The first bytes of what came, in hexadecimal. */
  readonly came?: string;
  /** The reason for which nothing more can be read from the connection. */
  readonly broken?: string;
  /** Bytes of the reply so far, and bytes behind it where none may be. */
  readonly replyBytes?: number;
  readonly trailingBytes?: number;
  /** The parts of what the framing's `measure` function returned. */
  readonly skip?: unknown;
  readonly length?: unknown;
}

interface TooLargeDetail extends AnyCodeDetail {
  /** Bytes of the message, if they are known. */
  readonly bytes?: number;
  /** The limit. */
  readonly maxMessageBytes?: number;
  /** Digits or bytes that the framing has for a length. */
  readonly width?: number;
}

interface TruncatedDetail extends AnyCodeDetail {
  /** Bytes that came. */
  readonly received: number;
  /** Bytes that there should be, if that is known. */
  readonly expected: number | undefined;
}

interface CarrierClosedDetail extends AnyCodeDetail {
  /** Milliseconds for which a listener waited for what was being answered. */
  readonly closeMs?: number;
}

interface AddressDetail extends AnyCodeDetail {
  /** The use of the port that keeps it from being listened on. */
  readonly use?: 'listening' | 'time-wait' | 'connections';
  /** The number of sockets that hold the port. */
  readonly sockets?: number;
  /** Milliseconds until the last of them lets go of it. */
  readonly freeInMs?: number;
  /** The user who can make no folder for turns, and why, folder by folder. */
  readonly uid?: number;
  readonly problems?: readonly string[];
}

interface BadAddressDetail extends AnyCodeDetail {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly path?: unknown;
  /** The part of the address that is wrong, and its right value in words. */
  readonly option?: string;
  readonly expected?: string | readonly string[];
  readonly actual?: unknown;
  /** The name that was probably meant. */
  readonly nearest?: string;
}

interface InvalidMessageDetail extends AnyCodeDetail {
  /** The part of the message that is wrong. */
  readonly part?: number;
  /** Bytes that it has to have. */
  readonly expected?: number | undefined;
  /** Bytes that it has, or what it is. */
  readonly actual?: unknown;
  /** Bytes of the whole message. */
  readonly bytes?: number;
  /** The end that the framing puts behind a message. */
  readonly end?: Uint8Array;
}

interface BadOptionDetail extends AnyCodeDetail {
  /** The name of the option or argument. */
  readonly option: string;
  /** The right value, in words; the known names, if the name is unknown. */
  readonly expected: string | readonly string[];
  readonly actual?: unknown;
  /** The name that was probably meant. */
  readonly nearest?: string;
}

interface CallerGoneDetail extends AnyCodeDetail {
  /** True if the connection was lost (RST) rather than closed (FIN). */
  readonly reset?: boolean;
}

interface TooSlowDetail extends AnyCodeDetail {
  /** The part of the exchange that was too slow. */
  readonly what: 'first byte' | 'next message' | 'request' | 'reply';
  /** The limit, by its name, and its milliseconds. */
  readonly limit: string;
  readonly limitMs: number;
  /** Bytes that came, or that were not taken. */
  readonly bytes: number;
}

interface OverloadedDetail extends AnyCodeDetail {
  /** The limit that was reached, by its name; `descriptors` is the system's. */
  readonly limit: string;
  readonly value?: number;
}

interface HandlerLateDetail extends AnyCodeDetail {
  readonly handlerMs: number;
}
