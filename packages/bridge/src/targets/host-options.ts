// The options of a front that are about its hosts: their codec, and the options of the scheme of the address at which they call. A front
// is a function that listens for hosts: `serve` or `relay`. A host is a program that calls it.
import { type CodecOption, checkCodecs } from '../codecs/check-codec.ts';
import type { CodecPair } from '../codecs/codec.ts';
import { checkOption, type Names } from '../errors/options.ts';
import { HOST_OPTIONS, type SchemeHostOptions } from './all-schemes.ts';
import type { Address, Front, Hosts, Scheme } from './scheme.ts';

/** Options of `serve` and `relay` about the hosts that call: the form of their messages, and their limits. */
export interface HostOptions extends SchemeHostOptions {
  /**
   * The codec that makes arrays into messages: one for both directions, or a pair. Default: the dialect's codec, or `codecs.npy` if it has
   * none; in `relay`, the model's.
   */
  readonly codec?: CodecOption | undefined;
}

/** The names of these options, for functions that have other options as well. */
export const HOSTS: Names<HostOptions> = { ...HOST_OPTIONS, codec: true };

/**
 * Returns the hosts at an address. Rejects an option that the address's scheme does not have, because it would be ignored: a TCP port has
 * no file with permissions.
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION, TRANSPORT_BAD_MESSAGE
 */
export function hostsAt(
  { scheme, ...address }: Address & { readonly scheme: Scheme },
  { codec: _, ...options }: HostOptions,
  front: Front,
): Hosts {
  for (const [name, value] of Object.entries(options)) {
    const holds = value === undefined || Object.hasOwn(scheme.hostOptions, name);
    checkOption(
      `${front.prefix}${name}`,
      value,
      holds,
      `nothing, because a ${scheme.name}: address has no such option`,
    );
  }
  return address.hosts(options, front);
}

/**
 * Returns the codec of the hosts' requests, and the codec of the replies to them.
 * @param standing the codec if `given` is missing. Default: that of the hosts' dialect, or npy
 * @throws BridgeError BRIDGE_OPTION
 */
export function hostCodecs(
  given: CodecOption | undefined,
  hosts: Hosts,
  standing: CodecPair | undefined = hosts.codec,
): CodecPair {
  return checkCodecs(given, standing, hosts.oneWay);
}
