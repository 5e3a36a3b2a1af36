// The scheme `tcp:`, for a port of this machine or another one.
import { BridgeError } from '../errors/bridge-error.ts';
import { platform } from '../platform/platform.ts';
import type { AddressReplica, Scheme } from './scheme.ts';
import { checkCallOptions, STREAM_CALL_OPTIONS, type StreamCallOptions } from './stream-call-options.ts';
import { STREAM_HOST_OPTIONS, type StreamHostOptions, streamHosts } from './stream-host-options.ts';
import { type PeerOptions, streamReplica } from './stream-replica.ts';

/** The host and port of an address. */
interface Place {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Addresses `tcp://host:port`: how they are parsed, called and listened at. The host may be percent-encoded, in any letter case, and in
 * brackets if it is IPv6, as in a URL.
 */
export const tcp: Scheme<StreamCallOptions, StreamHostOptions> = {
  name: 'tcp',
  form: 'tcp://host:port',
  callOptions: STREAM_CALL_OPTIONS,
  hostOptions: STREAM_HOST_OPTIONS,
  sameAsModel: ['dialect'],
  parse(text) {
    const place = placeOf(text);
    if (!place) return undefined;
    const { host, port } = place;
    return {
      text: tcpText(place),
      attributes: { 'server.address': host, 'server.port': port, 'network.transport': 'tcp' },
      async listening() {
        const { listenersOf } = await machine();
        // Without /proc the answer is not known.
        const sockets = await listenersOf(port).catch(() => undefined);
        return sockets && sockets.length > 0;
      },
      replica(options): AddressReplica {
        // Port 0 stands for any free port in `listen`, and cannot be called.
        if (port > 0) return tcpReplica(place, options);
        throw new BridgeError('BRIDGE_TARGET', `${text} cannot be called: port 0 is only for listening`, {
          target: text,
        });
      },
      hosts: (options, front) =>
        streamHosts(options, front, async (listening, handler) => {
          const { listenTcp } = await import('@bridge/transport/tcp');
          return await listenTcp(place, listening, handler);
        }),
    };
  },
};

/**
 * Returns the replica at a port.
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION
 */
export function tcpReplica(place: Place, { shared = true, isPeer, ...options }: PeerOptions): AddressReplica {
  const checked = checkCallOptions(options);
  return streamReplica(
    {
      target: tcpText(place),
      async open() {
        const { tcp: carrier } = await import('@bridge/transport/tcp');
        const { dialect, limits } = checked;
        return carrier(place, { dialect, ...(limits && { limits }), ...(isPeer && { isPeer }) });
      },
      async listening() {
        const { isLoopback, listening } = await machine();
        return isLoopback(place.host) ? await listening(place) : undefined;
      },
      ...(shared && {
        async takeTurn(slot, onWanted, signal, onHolder) {
          const { isLoopback, takeTurn } = await machine();
          // All names of the loopback interface lead to the same model, and so have the same turn.
          const name = `tcp:${isLoopback(place.host) ? 'loopback' : place.host}:${place.port}:${slot}`;
          return await takeTurn(name, { onWanted, signal, onHolder });
        },
      }),
    },
    checked,
  );
}

function machine(): Promise<typeof import('@bridge/transport/machine')> {
  return import('@bridge/transport/machine');
}

function tcpText({ host, port }: Place): string {
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function placeOf(text: string): Place | undefined {
  const url = parseUrl(text);
  if (!url || url.hostname === '' || url.port === '') return undefined;
  // Parts that would be ignored make the address invalid.
  if (url.username + url.password + url.search + url.hash !== '' || !/^\/?$/.test(url.pathname)) return undefined;
  // Host names are case-insensitive.
  return { host: url.hostname.replace(/^\[|\]$/g, '').toLowerCase(), port: Number(url.port) };
}

function parseUrl(text: string): InstanceType<typeof platform.URL> | undefined {
  try {
    return new platform.URL(text);
  } catch {
    return undefined;
  }
}
