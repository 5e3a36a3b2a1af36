// Checks that the program at the other end of an established connection is the one that messages are meant for.
import type { Socket } from 'node:net';
import type { TransportError } from '../errors/transport-error.ts';
import { connectError, ownPortError, strangerError } from './stream-errors.ts';
import type { CallerOptions } from './stream-options.ts';

/** Returns the error for a connection that must not be used, before anything was sent on it; undefined if it may be used. */
export function wrongPeer(
  socket: Socket,
  { address, port }: { readonly address: string; readonly port?: number },
  options: Pick<CallerOptions, 'isPeer'>,
): TransportError | undefined {
  if (hasMetItself(socket, port)) return connectError(address, ownPortError(port));
  return isStranger(socket, options) ? strangerError(address) : undefined;
}

/** Returns true if `isPeer` says that another program has the port by now. */
export function isStranger({ localPort }: Socket, { isPeer }: Pick<CallerOptions, 'isPeer'>): boolean {
  return isPeer?.(localPort) === false;
}

/** Returns true if the socket is connected to itself: no program listens on the port, and the system chose that port for this end. */
function hasMetItself(socket: Socket, port: number | undefined): boolean {
  const { localPort } = socket;
  return localPort !== undefined && localPort === port && socket.localAddress === socket.remoteAddress;
}
