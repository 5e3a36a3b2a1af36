// @bridge/transport/unix: messages over Unix sockets, in the peer's framing. The address of a socket is the path of a file or, on Linux, an
// abstract name, which begins with NUL, or with @ in its place: "@model".
import { pathToFileURL } from 'node:url';
import { describeValue } from '../../errors/describe-value.ts';
import { forDetail, optionError, optionsOf } from '../../errors/options.ts';
import { TransportError } from '../../errors/transport-error.ts';
import type { Carrier, Handler, Listener } from '../../exchange/carrier.ts';
import { makeCarrier } from '../../exchange/make-carrier.ts';
import {
  clearStale,
  fileAt,
  haveMode,
  keepingOthers,
  noFolderAt,
  withMode,
} from '../../machine/socket-files/socket-file.ts';
import { SocketCaller } from '../../stream/caller.ts';
import { type ListenTarget, listenOn } from '../../stream/listen.ts';
import { listenError } from '../../stream/stream-errors.ts';
import {
  type CallerOptions,
  callerOptions,
  listenOptions,
  type SocketListenOptions,
} from '../../stream/stream-options.ts';

export type { ListenLimits } from '../../answering/listen-limits.ts';
export type { SocketDialect } from '../../framing/dialect/dialect.ts';
export type { CallerOptions, SocketListenOptions, SocketOptions } from '../../stream/stream-options.ts';

/** The address of a Unix socket. */
export interface UnixAddress {
  /** A file's path, or an abstract name: `@name` or `\0name`. For a file whose name begins with @, write `./@name`. */
  readonly path: string;
}

/** Options of listening on a Unix socket. */
export interface UnixListenOptions extends SocketListenOptions {
  /**
   * The socket file's permission bits, which determine the users that may connect: 0o600 for this user alone, 0o660 for the user's group,
   * 0o666 for everybody. To connect needs the right to write. Default: as the process's umask has it. An abstract name has no permissions.
   * In a worker thread the permissions are set after the file was made, and TRANSPORT_ADDRESS is thrown if other users may put their own
   * files into its folder.
   */
  readonly permissions?: number;
}

/**
 * Returns a carrier that opens one connection for each message, or uses persistent connections if the dialect says so.
 *
 * @example
 * const carrier = unix({ path: '/run/model.sock' }, { dialect: { request: uintLength({ bytes: 4 }), reply: untilClose() } });
 * const reply = await carrier.exchange([header, body]);
 *
 * @throws TransportError TRANSPORT_BAD_ADDRESS if the path is invalid, TRANSPORT_BAD_OPTION
 */
export function unix(address: UnixAddress, options: CallerOptions): Carrier {
  const { path, url } = checkAddress(address);
  const caller = new SocketCaller(url, callerOptions(options));
  const target = { connect: { path }, address: url };
  return makeCarrier(url, {
    exchange: (request, exchange) => caller.exchange(target, caller.frame(request), exchange),
    rest: () => caller.rest(),
    finished: () => caller.finished(),
    unref: () => caller.unref(),
  });
}

/**
 * Listens on a Unix socket and answers every request with what `handler` returns. The socket file of a process that has ended is replaced.
 * The listener's file is removed when the listener is closed, unless another program has put its own file in the place.
 * @throws TransportError TRANSPORT_ADDRESS if the path cannot be listened on, or another program does; TRANSPORT_BAD_ADDRESS
 *   if the path is invalid; TRANSPORT_BAD_OPTION
 */
export async function listenUnix(
  address: UnixAddress,
  options: UnixListenOptions,
  handler: Handler,
): Promise<Listener> {
  const { path, url, abstract } = checkAddress(address);
  const checked = listenOptions(options, handler, ['permissions']);
  const mode = checkPermissions(checked.permissions, abstract);
  const inTheWay = abstract ? undefined : await clearStale(path);
  if (inTheWay) throw listenError(url, new Error(inTheWay));
  let own: ReturnType<typeof fileAt>;
  const target: ListenTarget = {
    listen: { path, exclusive: true },
    address: url,
    bound: () => {
      if (!abstract) own = fileAt(path);
      return url;
    },
    refusal: async (cause) => listenError(url, cause, abstract ? undefined : noFolderAt(path)),
    ...(!abstract && { stop: (close) => keepingOthers(path, own, close) }),
  };
  const listener = await withMode(mode, () => listenOn(target, checked, handler));
  try {
    if (mode !== undefined) await haveMode(path, mode);
  } catch (error) {
    await listener.close();
    throw listenError(url, error as NodeJS.ErrnoException);
  }
  return listener;
}

/** The most bytes of a path in a socket address, without the NUL at its end. */
const MAX_PATH_BYTES: number = process.platform === 'linux' ? 107 : 103;

/** Half of a surrogate pair. UTF-8 cannot encode it. */
const LONE_SURROGATE = /\p{Cs}/u;

function checkAddress(address: UnixAddress): { path: string; url: string; abstract: boolean } {
  // The caller may be a JavaScript program, so the types are checked here.
  const { path } = optionsOf('the address of a Unix socket', address, ['path'], 'TRANSPORT_BAD_ADDRESS');
  const refuse = (why: string): TransportError =>
    new TransportError(
      'TRANSPORT_BAD_ADDRESS',
      `${describeValue(path ?? address)} is not the address of a Unix socket: ${why}`,
      {
        path: forDetail(path),
      },
    );
  if (typeof path !== 'string') throw refuse('expected { path }');
  const abstract = path.startsWith('@') || path.startsWith('\0');
  if (path.slice(abstract ? 1 : 0) === '') throw refuse('the name is empty');
  if (LONE_SURROGATE.test(path)) throw refuse('it has half of a surrogate pair, which no file name can hold');
  if (path.includes('\0', 1)) throw refuse('there is a NUL inside it');
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) throw refuse(`it is longer than ${MAX_PATH_BYTES} bytes`);
  if (!abstract) return { path, url: pathToFileURL(path).href.replace('file:', 'unix:'), abstract };
  if (process.platform !== 'linux') throw refuse('only Linux has abstract names');
  return { path: `\0${path.slice(1)}`, url: `unix:@${encodeURIComponent(path.slice(1))}`, abstract };
}

function checkPermissions(permissions: unknown, abstract: boolean): number | undefined {
  if (permissions === undefined) return undefined;
  if (abstract) throw optionError('permissions', 'left out for an abstract name, which has no file', permissions);
  if (typeof permissions === 'number' && Number.isInteger(permissions) && permissions >= 0 && permissions <= 0o777) {
    return permissions;
  }
  throw optionError('permissions', 'permission bits from 0 to 0o777', permissions);
}
