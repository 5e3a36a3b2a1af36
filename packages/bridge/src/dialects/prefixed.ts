// Dialects with a binary length in front of np.save's bytes, as struct.pack writes it, in both directions.
//   00 0e 10 80 | np.save's bytes
import { uintLength } from '@bridge/transport';
import type { SocketDialect } from '@bridge/transport/tcp';
import type { CodecOption } from '../codecs/check-codec.ts';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';
import { checkDialect } from './check-dialect.ts';
import type { Dialect } from './dialect.ts';

/** Options of `prefixed`. */
export interface PrefixedOptions extends Pick<SocketDialect, 'close' | 'connection' | 'opening' | 'exchange'> {
  /** The size of the length, 1 to 8: 4 for struct's `I`, 8 for its `Q`. */
  readonly bytes: number;
  /** The byte order of the length. Default: `big`, as struct's `>` and `!`. */
  readonly endian?: 'big' | 'little';
  /** The codec of both directions, or one for each. Default: `codecs.npy`. */
  readonly codec?: CodecOption;
  readonly name?: string;
}

const PREFIXED: Names<PrefixedOptions> = {
  bytes: true,
  endian: true,
  name: true,
  close: true,
  connection: true,
  opening: true,
  exchange: true,
  codec: true,
};

/**
 * Returns a dialect with a length in front of each message, in both directions. By default each message has a connection of its own, which
 * is closed with a FIN. A dialect with other framings is an object: `{ request: uintLength({ bytes: 4 }), reply: npyMessage() }`.
 *
 * @example
 * dialects.prefixed({ bytes: 4 });                                         // struct.pack('>I', n), both ways
 * dialects.prefixed({ bytes: 8, endian: 'little', connection: 'persistent' });
 *
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION for an invalid length, greeting or acknowledgement, and
 *   TRANSPORT_BAD_MESSAGE if a greeting or an acknowledgement cannot be encoded
 */
export function prefixed(options: PrefixedOptions): Dialect {
  const given = optionsOf<PrefixedOptions>('options', options, PREFIXED);
  const { bytes, endian, ...rest } = given;
  checkOption('options.bytes', bytes, bytes !== undefined, 'the size of a length, 1 to 8');
  const framing = uintLength({ bytes: bytes as number, ...(endian !== undefined && { endian }) });
  return checkDialect('options', { name: 'prefixed', ...rest, request: framing, reply: framing });
}
