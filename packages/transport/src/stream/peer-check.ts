// Checks that the program at the other end of an established connection is the one that messages are meant for.
import type { Socket } from 'node:net';
import { connectError, ownPortError, strangerError } from './stream-errors.ts';
import type { CallerOptions } from './stream-options.ts';

/**
 * Checks a connection before anything is sent on it.
 * @throws TransportError TRANSPORT_REFUSED if it must not be used; what `isPeer` throws
 */
export function checkPeer(
  socket: Socket,
  { address, port }: { readonly address: string; readonly port?: number },
  { isPeer }: Pick<CallerOptions, 'isPeer'>,
): void {
  if (hasMetItself(socket, port)) throw connectError(address, ownPortError(port));
  if (isPeer?.(socket.localPort) === false) throw strangerError(address);
}

/**
 * Returns true if `isPeer` says that another program has the port by now. Called when a connection is closed: if `isPeer` throws then, the
 * connection is closed like one to the right peer, and the next exchange gets the error.
 */
export function isStranger({ localPort }: Socket, { isPeer }: Pick<CallerOptions, 'isPeer'>): boolean {
  try {
    return isPeer?.(localPort) === false;
  } catch {
    return false;
  }
}

/** Returns true if the socket is connected to itself: no program listens on the port, and the system chose that port for this end. */
function hasMetItself(socket: Socket, port: number | undefined): boolean {
  const { localPort } = socket;
  return localPort !== undefined && localPort === port && socket.localAddress === socket.remoteAddress;
}
