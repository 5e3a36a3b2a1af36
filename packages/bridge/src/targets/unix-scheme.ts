// The scheme `unix:`, for a Unix socket of this machine: the path of a file or, on Linux, an abstract name, which begins with @.
import type { AddressReplica, Scheme } from './scheme.ts';
import { checkCallOptions, STREAM_CALL_OPTIONS, type StreamCallOptions } from './stream-call-options.ts';
import { STREAM_HOST_OPTIONS, type StreamHostOptions, streamHosts } from './stream-host-options.ts';
import { type PeerOptions, streamReplica } from './stream-replica.ts';

/** Options of listening for hosts at a Unix socket. */
export interface UnixHostOptions extends StreamHostOptions {
  /** The permission bits of a Unix socket's file, for those who may connect: 0o600. Default: as the process's umask has it. */
  readonly permissions?: number | undefined;
}

/**
 * Addresses `unix:///path`, `unix:path` and `unix:@name`: how they are parsed, called and listened at. The path or name may be
 * percent-encoded, as in a URL.
 */
export const unix: Scheme<StreamCallOptions, UnixHostOptions> = {
  name: 'unix',
  form: 'unix:///path, unix:@name',
  callOptions: STREAM_CALL_OPTIONS,
  hostOptions: { ...STREAM_HOST_OPTIONS, permissions: true },
  sameAsModel: ['dialect'],
  parse(text) {
    const path = pathOf(text.slice('unix:'.length));
    if (path === undefined) return undefined;
    return {
      text: unixText(path),
      attributes: { 'server.address': path, 'network.transport': 'unix' },
      async listening() {
        const { listeningAtPath } = await import('@bridge/transport/machine');
        return await listeningAtPath(path);
      },
      replica: (options) => unixReplica(path, options),
      hosts: ({ permissions, ...options }, front) =>
        streamHosts(options, front, async (listening, handler) => {
          const { listenUnix } = await import('@bridge/transport/unix');
          const given = { ...listening, ...(permissions !== undefined && { permissions }) };
          return await listenUnix({ path }, given, handler);
        }),
    };
  },
};

/**
 * Returns the replica at a Unix socket.
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION
 */
export function unixReplica(path: string, { shared = true, isPeer, ...options }: PeerOptions): AddressReplica {
  const checked = checkCallOptions(options);
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
