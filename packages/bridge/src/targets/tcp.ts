// The scheme `tcp:`, a port of this machine or another one.
import { BridgeError } from '../errors/bridge-error.ts';
import type { Replica } from '../guard/replica.ts';
import { platform } from '../platform/platform.ts';
import type { Address, Scheme } from './scheme.ts';
import { listenOptions } from './stream-listen-options.ts';
import { type PeerOptions, streamReplica } from './stream-replica.ts';
import { checkStreamOptions } from './stream-scheme-options.ts';

interface Place {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Percent signs, letter case and brackets are those of a URL. */
export const tcp: Scheme = {
  name: 'tcp',
  form: 'tcp://host:port',
  options: ['dialect', 'limits'],
  hostOptions: ['dialect', 'limits'],
  parse(text): Address | undefined {
    const place = placeOf(text);
    if (!place) return undefined;
    const { host, port } = place;
    return {
      text: tcpText(place),
      attributes: { 'server.address': host, 'server.port': port, 'network.transport': 'tcp' },
      replica(options): Replica {
        // Port 0 stands for any free port where one listens, and for none here.
        if (port > 0) return tcpReplica(place, options);
        throw new BridgeError('BRIDGE_TARGET', `${text} has no port that could be called`, { target: text });
      },
      async listen(options, onError, handler) {
        const { listenTcp } = await import('@bridge/transport/tcp');
        return await listenTcp(place, listenOptions(options, onError), handler);
      },
    };
  },
};

/** @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION */
export function tcpReplica(place: Place, { shared = true, isPeer, ...options }: PeerOptions): Replica {
  const checked = checkStreamOptions(options);
  const machine = (): Promise<typeof import('@bridge/transport/machine')> => import('@bridge/transport/machine');
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
          // All names of the loopback are one model to this machine.
          const name = `tcp:${isLoopback(place.host) ? 'loopback' : place.host}:${place.port}:${slot}`;
          return await takeTurn(name, { onWanted, signal, onHolder });
        },
      }),
    },
    checked,
  );
}

function tcpText({ host, port }: Place): string {
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function placeOf(text: string): Place | undefined {
  const url = parseUrl(text);
  if (!url || url.hostname === '' || url.port === '') return undefined;
  // Parts that would be ignored are refused.
  if (url.username + url.password + url.search + url.hash !== '' || !/^\/?$/.test(url.pathname)) return undefined;
  // The name of a host is the same in any case.
  return { host: url.hostname.replace(/^\[|\]$/g, '').toLowerCase(), port: Number(url.port) };
}

function parseUrl(text: string): InstanceType<typeof platform.URL> | undefined {
  try {
    return new platform.URL(text);
  } catch {
    return undefined;
  }
}
