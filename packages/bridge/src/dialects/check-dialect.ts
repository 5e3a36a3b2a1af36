// A dialect as a user handed it over, held against what one is.
import { checkDialect as checkSocketDialect, type Framing } from '@bridge/transport';
import { checkFunction, checkOption, type Names, optionsOf, partsOf } from '../errors/options.ts';
import type { Dialect } from './dialect.ts';

const DIALECT: Names<Dialect> = {
  name: true,
  refuses: true,
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
 * A dialect, each of its parts asked for once.
 * @param end who speaks it: that end has to have what it sends besides messages. Either, where it is undefined
 * @throws BridgeError BRIDGE_OPTION for what is no dialect, or has a name that is not known; TransportError TRANSPORT_BAD_OPTION,
 *   TRANSPORT_BAD_MESSAGE for what goes over a connection besides messages, and is nothing that could
 */
export function checkDialect(name: string, given: Dialect, end?: 'caller' | 'listener'): Dialect {
  checkOption(name, given, typeof given === 'object' && given !== null, 'a dialect, such as dialects.seed');
  const { name: called = 'the given one', refuses, ...wire } = optionsOf<Dialect>(name, given, DIALECT);
  const { request, reply, close = 'fin', connection = 'message' } = wire;
  const framings = [request, reply].every((framing) => {
    const { encode, decoder } = partsOf<Framing>(name, framing, ['encode', 'decoder']);
    return typeof framing === 'object' && typeof encode === 'function' && typeof decoder === 'function';
  });
  checkOption(name, given, framings, 'a dialect, such as dialects.seed');
  checkOption(`${name}.name`, called, typeof called === 'string', 'text');
  checkOption(`${name}.close`, close, CLOSES.has(close), [...CLOSES].join(', '));
  checkOption(`${name}.connection`, connection, CONNECTIONS.has(connection), [...CONNECTIONS].join(', '));
  if (refuses !== undefined) checkFunction(`${name}.refuses`, refuses);
  return {
    ...checkSocketDialect(name, wire, end),
    name: called,
    ...(refuses && { refuses: (array) => refuses.call(given, array) ?? undefined }),
  };
}
