// The contract of a scheme, with whose name an address begins: `tcp:`, `unix:`. A scheme parses its addresses, makes replicas for the guard
// of `connect` or `relay`, and listens for `serve` or `relay`. Each scheme is one file, and schemes.ts lists them. Sockets and client
// libraries are imported when an address is first used.
import type { Handler, Listener } from '@bridge/transport';
import type { Replica } from '../guard/replica.ts';
import type { HostOptions, OnError } from './host-options.ts';
import type { StreamSchemeOptions } from './stream-scheme-options.ts';

/** The options of all schemes together. `Scheme.options` lists those of one scheme. */
export interface SchemeOptions extends StreamSchemeOptions {}

/** Options of a replica. */
export interface OpenOptions extends Partial<SchemeOptions> {
  /** True to take turns at the replica with the user's other processes on this machine. Default: true. */
  readonly shared?: boolean | undefined;
}

/** A parsed address, and the functions to call it and to listen at it. */
export interface Address {
  /** The address in its normal form, which is the same for all spellings of the address. */
  readonly text: string;
  /** The address's attributes in OpenTelemetry: `server.address`, `server.port`, `network.transport`. */
  readonly attributes: Readonly<Record<string, string | number>>;
  /**
   * Returns a replica that is called at the address. It connects when its first message is sent.
   * @throws BridgeError BRIDGE_TARGET if the address cannot be called, BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION
   */
  replica(options: OpenOptions): Replica;
  /**
   * Listens at the address, and answers every whole request with the reply of `handler`.
   * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_ADDRESS, TRANSPORT_BAD_ADDRESS, TRANSPORT_BAD_OPTION
   */
  listen(options: HostOptions, onError: OnError, handler: Handler): Promise<Listener>;
}

/** A scheme, and the functions that its addresses need. */
export interface Scheme {
  /** The name of the scheme: `tcp` in `tcp://127.0.0.1:6000`. */
  readonly name: string;
  /** The form of its addresses, for error messages and help: `tcp://host:port`. */
  readonly form: string;
  /** The options of `connect` and `relay` that its addresses have. */
  readonly options: readonly (keyof SchemeOptions)[];
  /** The options of `serve`, and of `relay`'s hosts, that its addresses have. */
  readonly hostOptions: readonly (keyof HostOptions)[];
  /** Returns the parsed address; undefined if it is invalid. */
  parse(text: string): Address | undefined;
}
