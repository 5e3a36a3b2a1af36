// Dialects with a binary length in front of np.save's bytes, as struct.pack writes it, in both directions, and dialects of other framings.
//   00 0e 10 80 | np.save's bytes
import { type Framing, type NoReply, uintLength } from '@bridge/transport';
import type { SocketDialect } from '@bridge/transport/tcp';
import type { CodecOption } from '../codecs/check-codec.ts';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';
import { checkDialect } from './check-dialect.ts';
import type { Dialect, OneWayDialect } from './dialect.ts';

/** A length in front of each message, in both directions. */
export interface LengthPrefix {
  /** The size of the length, 1 to 8: 4 for struct's `I`, 8 for its `Q`. */
  readonly bytes: number;
  /** The byte order of the length. Default: `big`, as struct's `>` and `!`. */
  readonly endian?: 'big' | 'little';
}

/** A framing for each direction. */
export interface Framings {
  readonly request: Framing;
  readonly reply: Framing;
}

/** Options of `prefixed` besides a length or framings. */
export interface PrefixedOptions extends Pick<SocketDialect, 'close' | 'connection' | 'opening' | 'exchange'> {
  /** The codec of both directions, or one for each. Default: `codecs.npy`. */
  readonly codec?: CodecOption;
  readonly name?: string;
}

const PREFIXED: Names<LengthPrefix & Framings & PrefixedOptions> = {
  bytes: true,
  endian: true,
  request: true,
  reply: true,
  name: true,
  close: true,
  connection: true,
  opening: true,
  exchange: true,
  codec: true,
};

/**
 * Returns a dialect with a length in front of each message, or with framings of your own. By default each message has a connection of
 * its own, which is closed with a FIN.
 *
 * @example
 * dialects.prefixed({ bytes: 4 });                                         // struct.pack('>I', n), both ways
 * dialects.prefixed({ bytes: 8, endian: 'little', connection: 'persistent' });
 * dialects.prefixed({ request: uintLength({ bytes: 4 }), reply: npyMessage() });
 * dialects.prefixed({ request: uintLength({ bytes: 4 }), reply: noReply(), connection: 'persistent' }); // there are no replies
 *
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION for an invalid length, greeting or acknowledgement, and
 *   TRANSPORT_BAD_MESSAGE if a greeting or an acknowledgement cannot be encoded
 */
export function prefixed(dialect: Framings & { readonly reply: NoReply } & PrefixedOptions): OneWayDialect;
export function prefixed(dialect: (LengthPrefix | Framings) & PrefixedOptions): Dialect;
export function prefixed(dialect: (LengthPrefix | Framings) & PrefixedOptions): Dialect {
  const given = optionsOf<Partial<LengthPrefix & Framings> & PrefixedOptions>('dialect', dialect, PREFIXED);
  const { bytes, endian, request, reply, ...rest } = given;
  const isFramed = request !== undefined || reply !== undefined;
  checkOption('dialect', dialect, (bytes !== undefined) !== isFramed, 'either { bytes } or { request, reply }');
  checkOption('dialect.endian', endian, endian === undefined || !isFramed, 'no endian beside { request, reply }');
  const framings =
    bytes === undefined ? { request, reply } : bothWays(uintLength({ bytes, ...(endian !== undefined && { endian }) }));
  // checkDialect throws if one of `request` and `reply` is missing.
  return checkDialect('dialect', { name: 'prefixed', ...rest, ...framings } as Dialect);
}

function bothWays(framing: Framing): Framings {
  return { request: framing, reply: framing };
}
