// Converts the options of `serve` and `relay` about hosts to those of a listener of @bridge/transport on a stream socket.
import type { SocketListenOptions } from '@bridge/transport/tcp';
import { checkDialect } from '../dialects/check-dialect.ts';
import { explainHost } from '../dialects/hint.ts';
import { seed } from '../dialects/seed.ts';
import { type HostOptions, listenLimits, type OnError } from './host-options.ts';

/**
 * Returns the options of the listener.
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION, TRANSPORT_BAD_MESSAGE
 */
export function listenOptions({ dialect: given = seed, limits }: HostOptions, onError: OnError): SocketListenOptions {
  const dialect = checkDialect('dialect', given, 'listener');
  return {
    dialect,
    limits: listenLimits('limits', limits),
    onError: (error, peer) => onError(explainHost(error, dialect), peer),
  };
}
