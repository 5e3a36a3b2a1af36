// Checks a dialect that a user passes in.
import { checkDialect as checkSocketDialect, type Framing } from '@bridge/transport';
import { checkCodecs } from '../codecs/check-codec.ts';
import type { CodecPair } from '../codecs/codec.ts';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';
import type { Dialect } from './dialect.ts';

/** A dialect whose name and codecs are set. */
export interface CheckedDialect extends Dialect {
  readonly name: string;
  readonly codec: CodecPair;
}

const DIALECT: Names<Dialect> = {
  name: true,
  codec: true,
  request: true,
  reply: true,
  close: true,
  connection: true,
  opening: true,
  exchange: true,
};
const CLOSES: ReadonlySet<Dialect['close']> = new Set(['fin', 'reset', 'peer']);
const CONNECTIONS: ReadonlySet<Dialect['connection']> = new Set(['message', 'persistent']);

/**
 * @param end the end that will speak the dialect, which must have all that this end sends besides messages. undefined if either may
 * @throws BridgeError BRIDGE_OPTION for an invalid dialect, or one with an unknown property; TransportError TRANSPORT_BAD_OPTION or
 *   TRANSPORT_BAD_MESSAGE for an invalid greeting or acknowledgement
 */
export function checkDialect(name: string, given: Dialect, end?: 'caller' | 'listener'): CheckedDialect {
  checkOption(name, given, typeof given === 'object' && given !== null, 'a dialect, such as dialects.seed');
  const { name: called = 'the given dialect', codec, ...wire } = optionsOf<Dialect>(name, given, DIALECT);
  const { request, reply, close = 'fin', connection = 'message' } = wire;
  checkOption(name, given, isFraming(request) && isFraming(reply), 'a dialect, such as dialects.seed');
  checkOption(`${name}.name`, called, typeof called === 'string', 'a string');
  checkOption(`${name}.close`, close, CLOSES.has(close), [...CLOSES].join(', '));
  checkOption(`${name}.connection`, connection, CONNECTIONS.has(connection), [...CONNECTIONS].join(', '));
  const { request: requests, reply: replies } = checkCodecs(codec);
  return {
    ...checkSocketDialect(name, wire, end),
    name: called,
    codec: { request: requests, reply: reply?.carriesNothing ? null : replies },
  };
}

function isFraming(framing: Framing | undefined): boolean {
  return typeof framing?.encode === 'function' && typeof framing.decoder === 'function';
}
