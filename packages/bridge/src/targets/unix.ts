// The scheme `unix:`, for a Unix socket of this machine: the path of a file or, on Linux, an abstract name, which begins with @.
import type { Replica } from '../guard/replica.ts';
import type { Address, Scheme } from './scheme.ts';
import { listenOptions } from './stream-listen-options.ts';
import { type PeerOptions, streamReplica } from './stream-replica.ts';
import { checkStreamOptions } from './stream-scheme-options.ts';

/**
 * Addresses `unix:///path`, `unix:path` and `unix:@name`: how they are parsed, called and listened at. The path or name may be
 * percent-encoded, as in a URL.
 */
export const unix: Scheme = {
  name: 'unix',
  form: 'unix:///path, unix:@name',
  options: ['dialect', 'limits'],
  hostOptions: ['dialect', 'limits', 'permissions'],
  parse(text): Address | undefined {
    const path = pathOf(text.slice('unix:'.length));
    if (path === undefined) return undefined;
    return {
      text: unixText(path),
      attributes: { 'server.address': path, 'network.transport': 'unix' },
      replica: (options) => unixReplica(path, options),
      async listen({ permissions, ...options }, onError, handler) {
        const { listenUnix } = await import('@bridge/transport/unix');
        const given = { ...listenOptions(options, onError), ...(permissions !== undefined && { permissions }) };
        return await listenUnix({ path }, given, handler);
      },
    };
  },
};

/**
 * Returns the replica at a Unix socket.
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION
 */
export function unixReplica(path: string, { shared = true, isPeer, ...options }: PeerOptions): Replica {
  const checked = checkStreamOptions(options);
  return streamReplica(
    {
      target: unixText(path),
      async open() {
        const { unix: carrier } = await import('@bridge/transport/unix');
        const { dialect, limits } = checked;
        return carrier({ path }, { dialect, ...(limits && { limits }), ...(isPeer && { isPeer }) });
      },
      ...(shared && {
        async takeTurn(slot, onWanted, signal, onHolder) {
          const { takeTurn } = await import('@bridge/transport/machine');
          return await takeTurn(`unix:${path}:${slot}`, { onWanted, signal, onHolder });
        },
      }),
    },
    checked,
  );
}

function unixText(path: string): string {
  return `unix:${path.startsWith('/') ? '//' : ''}${path}`;
}

function pathOf(rest: string): string | undefined {
  // Two slashes begin a host, and a Unix socket has none.
  if (rest.startsWith('//') && !rest.startsWith('///')) return undefined;
  const path = decoded(rest.startsWith('//') ? rest.slice(2) : rest);
  return path === '' || path === '@' ? undefined : path;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
