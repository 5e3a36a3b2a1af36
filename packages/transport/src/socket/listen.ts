// Answers requests on stream sockets: one at a time on each connection, so many connections. A caller that breaks the
// framing, or asks for more than the limits, loses its connection and nothing else happens.
import { createServer, type DropArgument, type ListenOptions, type Server } from 'node:net';
import type { Handler, Listener } from '../carrier.ts';
import { ending } from '../ending.ts';
import type { SocketListenOptions } from './dialect.ts';
import { at, listenError } from './errors.ts';
import { Handlers } from './handlers.ts';
import { HeldBytes } from './held-bytes.ts';
import { cutError, overloadedError } from './limit-errors.ts';
import { resolveListenLimits } from './listen-limits.ts';
import { ServedConnection, type Service } from './served-connection.ts';
import { Timer } from './timer.ts';

/** Where to listen, and how to name what was got (the port may have been left to the system). */
export interface ListenTarget {
  readonly listen: ListenOptions;
  readonly address: string;
  readonly bound: (server: Server) => string;
}

/** @throws TransportError TRANSPORT_ADDRESS, TRANSPORT_BAD_OPTION */
export async function listenOn(
  target: ListenTarget,
  options: SocketListenOptions,
  handler: Handler,
): Promise<Listener> {
  const { dialect, oneMessage = dialect.connection !== 'persistent' } = options;
  const limits = resolveListenLimits(options.limits);
  const held = new HeldBytes(limits.maxHeldBytes);
  const handlers = new Handlers(handler, limits, held);
  const connections = new Set<ServedConnection>();
  const tell = teller(options.onError);
  const service = (address: string): Service => ({
    address,
    dialect,
    oneMessage: oneMessage || dialect.reply.endsStream === true,
    limits,
    held,
    handlers,
    tell,
  });
  let shared = service(target.address);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new ServedConnection(socket, shared);
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  if (limits.maxConnections !== Number.POSITIVE_INFINITY) server.maxConnections = limits.maxConnections;
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error): void => reject(listenError(target.address, error));
    server.once('error', refuse);
    server.listen(target.listen, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const address = target.bound(server);
  shared = service(address);
  server.on('error', (error) => tell(listenError(address, error), address));
  server.on('drop', (dropped) => {
    const peer = peerOf(dropped);
    tell(at(address, overloadedError('maxConnections', limits.maxConnections), { peer }), peer);
  });
  return {
    address,
    ...ending(async () => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) connection.finish();
      const patience = new Timer();
      patience.set(limits.closeMs, () => {
        handlers.abandon(cutError(address, limits.closeMs));
        for (const connection of connections) connection.destroy();
      });
      await Promise.all([stopped, handlers.idle()]);
      patience.stop();
    }),
  };
}

function peerOf(dropped: DropArgument | undefined): string {
  return dropped?.remoteAddress === undefined ? 'a local process' : `${dropped.remoteAddress}:${dropped.remotePort}`;
}

/** Tells `onError`. What it throws goes where it harms no connection: it becomes a rejection that nobody handles. */
function teller(onError: SocketListenOptions['onError']): Service['tell'] {
  return (error, peer) => {
    try {
      onError?.(error, peer);
    } catch (thrown) {
      void Promise.reject(thrown);
    }
  };
}
