// The contract of a scheme, which is what a target begins with: `tcp:`, `unix:`. A scheme reads its addresses, prints them, opens a
// replica there for a guard, listens there for a front, and says what is known of the program that answers there. Each scheme is one file;
// schemes.ts is the one list of them. Sockets and client libraries are imported when an address is first used.
import type { Handler, Listener } from '@bridge/transport';
import type { Replica } from '../guard/replica.ts';
import type { HostOptions, OnError } from './host-options.ts';
import type { StreamSchemeOptions } from './stream-scheme-options.ts';

/** The options of all schemes together: each scheme says which of them are its own. */
export interface SchemeOptions extends StreamSchemeOptions {}

/** Options of opening a replica. */
export interface OpenOptions extends Partial<SchemeOptions> {
  /** True if this machine's processes take turns there. Default: true. */
  readonly shared?: boolean | undefined;
}

/** An address that was understood, and what can be done there. */
export interface Address {
  /** The address as it is printed: one text for all spellings of one address. */
  readonly text: string;
  /** The attributes that OpenTelemetry has for it: `server.address`, `server.port`, `network.transport`. */
  readonly attributes: Readonly<Record<string, string | number>>;
  /**
   * Opens nothing yet: the replica connects when its first message is sent.
   * @throws BridgeError BRIDGE_TARGET for an address that cannot be called, BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION
   */
  replica(options: OpenOptions): Replica;
  /**
   * Listens, and has every whole request answered by `handler`.
   * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_ADDRESS, TRANSPORT_BAD_ADDRESS, TRANSPORT_BAD_OPTION
   */
  listen(options: HostOptions, onError: OnError, handler: Handler): Promise<Listener>;
}

export interface Scheme {
  /** `tcp` of `tcp://127.0.0.1:6000`. */
  readonly name: string;
  /** The form of its addresses, for error messages and help: `tcp://host:port`. */
  readonly form: string;
  /** Options of `connect` and `relay` that it understands. */
  readonly options: readonly (keyof SchemeOptions)[];
  /** Options of `serve` and of a relay's hosts that it understands. */
  readonly hostOptions: readonly (keyof HostOptions)[];
  /** Returns undefined for an address that is not written as it has to be. */
  parse(text: string): Address | undefined;
}
