// A binary length in front of np.save's bytes, both ways: struct.pack and its like. And dialects of one's own.
//   00 0e 10 80 | np.save's bytes
import { type Framing, type NoReply, uintLength } from '@bridge/transport';
import type { SocketDialect } from '@bridge/transport/tcp';
import type { CodecOption } from '../codecs/check-codec.ts';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';
import { checkDialect } from './check-dialect.ts';
import type { Dialect, OneWayDialect } from './dialect.ts';

/** A length of so many bytes in front of each message, both ways. */
export interface LengthPrefix {
  /** Bytes of the length: 4 for struct's `I`, 8 for its `Q`. 1 to 8. */
  readonly bytes: number;
  /** Default `big`, as struct's `>` and `!`. */
  readonly endian?: 'big' | 'little';
}

/** Framings of one's own. */
export interface Framings {
  readonly request: Framing;
  readonly reply: Framing;
}

/** Options beside a length or framings. */
export interface PrefixedOptions extends Pick<SocketDialect, 'close' | 'connection' | 'opening' | 'exchange'> {
  /** Default: `codecs.npy`. */
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
 * A dialect with a length in front of each message, or of framings of your own. One connection for each message and closed in the
 * usual way, unless said otherwise.
 *
 * @example
 * dialects.prefixed({ bytes: 4 });                                         // struct.pack('>I', n), both ways
 * dialects.prefixed({ bytes: 8, endian: 'little', connection: 'persistent' });
 * dialects.prefixed({ request: uintLength({ bytes: 4 }), reply: npyMessage() });
 * dialects.prefixed({ request: uintLength({ bytes: 4 }), reply: noReply(), connection: 'persistent' }); // they answer nothing
 *
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION for an invalid length, greeting or
 *   acknowledgement; TRANSPORT_BAD_MESSAGE for an invalid message of the latter two
 */
export function prefixed(dialect: Framings & { readonly reply: NoReply } & PrefixedOptions): OneWayDialect;
export function prefixed(dialect: (LengthPrefix | Framings) & PrefixedOptions): Dialect;
export function prefixed(dialect: (LengthPrefix | Framings) & PrefixedOptions): Dialect {
  const given = optionsOf<Partial<LengthPrefix & Framings> & PrefixedOptions>('dialect', dialect, PREFIXED);
  const { bytes, endian, request, reply, ...rest } = given;
  const isFramed = request !== undefined || reply !== undefined;
  checkOption('dialect', dialect, (bytes !== undefined) !== isFramed, 'either { bytes } or { request, reply }');
  checkOption('dialect.endian', endian, endian === undefined || !isFramed, 'none where the framings are given');
  const framings =
    bytes === undefined ? { request, reply } : bothWays(uintLength({ bytes, ...(endian !== undefined && { endian }) }));
  // checkDialect throws if one of `request` and `reply` is missing.
  return checkDialect('dialect', { name: 'prefixed', ...rest, ...framings } as Dialect);
}

function bothWays(framing: Framing): Framings {
  return { request: framing, reply: framing };
}
