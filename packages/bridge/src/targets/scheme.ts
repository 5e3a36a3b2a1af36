// The contract of a scheme, with whose name an address begins: `tcp:`, `unix:`. A scheme parses its addresses, makes replicas for the guard
// of `connect` or `relay`, listens for `serve` or `relay`, and has options of its own for both. Each scheme is one file, and all-schemes.ts
// is the table of them. Sockets and client libraries are imported when an address is first used.
import type { Handler, Listener } from '@bridge/transport';
import type { AnswerLimits } from '@bridge/transport/memory';
import type { CodecPair } from '../codecs/codec.ts';
import type { Names } from '../errors/options.ts';
import type { Replica } from '../guard/replica.ts';

/** A replica at an address. */
export interface AddressReplica extends Replica {
  /** The codecs of its messages, if its dialect names them. */
  readonly codec?: CodecPair;
  /** True if the model sends no replies. Default: false. */
  readonly oneWay?: boolean;
}

/** The option of calling that the addresses of every scheme have. */
export interface TurnOptions {
  /** True to take turns at the replica with the user's other processes on this machine. Default: true. */
  readonly shared?: boolean | undefined;
}

/** The option of listening that the addresses of every scheme have. A scheme may have further limits. */
export interface AnswerOptions {
  readonly limits?: Partial<AnswerLimits> | undefined;
}

/**
 * Called with the error of a request or of a host, and with the host's address. An error that this function throws becomes an unhandled
 * rejection, and no connection is closed because of it.
 */
export type OnError = (error: unknown, peer: string) => void;

/** The parts of a front (`serve` or `relay`) that its hosts' options depend on. */
export interface Front {
  /** The text in front of an option's name in error messages: `hosts.` in `relay`. */
  readonly prefix: string;
  /** The front's own defaults for limits. */
  readonly limits: Partial<AnswerLimits>;
}

/** The hosts that call at an address, from options that were checked. */
export interface Hosts {
  /** The codecs that the options name by a dialect, if there is one. */
  readonly codec?: CodecPair;
  /** True if the hosts read no replies. Default: false. */
  readonly oneWay?: boolean;
  /** The limits that were given, and the front's defaults for the rest. */
  readonly limits: Partial<AnswerLimits>;
  /**
   * Listens at the address, and answers every whole request with the reply of `handler`.
   * @throws TransportError TRANSPORT_ADDRESS, TRANSPORT_BAD_ADDRESS, TRANSPORT_BAD_OPTION
   */
  listen(onError: OnError, handler: Handler): Promise<Listener>;
}

/** A parsed address, and the functions to call it and to listen at it. */
export interface Address<Call extends object = object, Host extends AnswerOptions = AnswerOptions> {
  /** The address in its normal form, which is the same for all spellings of the address. */
  readonly text: string;
  /** The address's attributes in OpenTelemetry: `server.address`, `server.port`, `network.transport`. */
  readonly attributes: Readonly<Record<string, string | number>>;
  /**
   * Resolves with whether a program of this machine listens at the address, by the kernel's tables and without a connection; with undefined
   * if there are no tables. If it is missing, the kernel does not know of such addresses.
   */
  readonly listening?: () => Promise<boolean | undefined>;
  /**
   * Returns a replica that is called at the address, after a check of the options' values. It connects when its first message is sent.
   * @throws BridgeError BRIDGE_TARGET if the address is for listening alone, such as TCP port 0; BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION
   */
  replica(options: Call & TurnOptions): AddressReplica;
  /**
   * Returns the hosts at the address, after a check of the options' values. Nothing listens yet.
   * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION, TRANSPORT_BAD_MESSAGE
   */
  hosts(options: Host, front: Front): Hosts;
}

/** A scheme: its options, and the functions that its addresses need. */
export interface Scheme<Call extends object = object, Host extends AnswerOptions = AnswerOptions> {
  /** The name of the scheme: `tcp` in `tcp://127.0.0.1:6000`. */
  readonly name: string;
  /** The form of its addresses, for error messages and help: `tcp://host:port`. */
  readonly form: string;
  /** The names of its options of `connect` and `relay`. */
  readonly callOptions: Names<Call>;
  /** The names of its options of `serve`, and of `relay`'s hosts. */
  readonly hostOptions: Names<Host>;
  /** The names of host options whose default in `relay` is the model's option of the same name. */
  readonly sameAsModel?: readonly string[];
  /** True if only this program can reach its addresses, so that the command line does not take them. Default: false. */
  readonly withinProcess?: boolean;
  /** Returns the parsed address; undefined if it is invalid. */
  parse(text: string): Address<Call, Host> | undefined;
}
