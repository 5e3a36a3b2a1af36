// Listens on stream sockets, and answers requests on many connections at once, one at a time on each. The connection of a caller whose
// framing is invalid, or that exceeds a limit, is closed, and no other one is affected. If the listener has the most connections it may
// have, it closes another connection for each new one (../answering/room.ts).
import { createServer, type ListenOptions, type Server } from 'node:net';
import { descriptorsError } from '../answering/limit-errors.ts';
import { ListenerCore } from '../answering/listener-core.ts';
import { Room } from '../answering/room.ts';
import type { Handler, Listener } from '../exchange/carrier.ts';
import { closable } from '../exchange/close-once.ts';
import { Descriptors } from './descriptors.ts';
import { ReadBudget } from './read-budget.ts';
import { ServedConnection, type Service } from './served-connection.ts';
import { acceptError } from './stream-errors.ts';
import type { CheckedListenOptions } from './stream-options.ts';

/** The address to listen at, and the functions that depend on its kind. */
export interface ListenTarget {
  readonly listen: ListenOptions;
  /** The address that was asked for, as errors show it. */
  readonly address: string;
  /** Called once the server listens. Returns its address, whose port the system may have chosen. */
  readonly bound: (server: Server) => string;
  /** Resolves with the error to throw if the address cannot be listened on. */
  readonly refusal: (cause: NodeJS.ErrnoException) => Promise<unknown>;
  /** Calls `close`, which stops listening, with what this kind of address needs before and after it. Default: only calls `close`. */
  readonly stop?: (close: () => void) => void;
}

/**
 * Resolves with a listener at an address.
 * @throws TransportError TRANSPORT_ADDRESS
 */
export async function listenOn(
  target: ListenTarget,
  options: CheckedListenOptions,
  handler: Handler,
): Promise<Listener> {
  const { dialect, limits, oneMessage = dialect.connection !== 'persistent' } = options;
  const answering = new ListenerCore(handler, limits, options.onError);
  const room = new Room(limits.maxConnections, answering.held);
  const budget = new ReadBudget();
  const connections = new Set<ServedConnection>();
  let emptied: (() => void) | undefined;
  const service = (address: string): Service => ({
    address,
    dialect,
    oneMessage: oneMessage || dialect.reply.endsStream === true,
    limits,
    answering,
    room,
    budget,
  });
  let shared = service(target.address);
  const descriptors = new Descriptors({
    open: () => room.size,
    narrow: (places, error) => {
      if (error) answering.report(descriptorsError(shared.address, error), shared.address);
      room.narrow(places);
    },
    widen: () => room.widen(),
  });
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new ServedConnection(socket, shared, () => {
      connections.delete(connection);
      if (connections.size === 0) emptied?.();
    });
    connections.add(connection);
    room.enter(connection);
    descriptors.opened();
  });
  const refused = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(target.listen, () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
  if (refused) {
    descriptors.stop();
    throw await target.refusal(refused);
  }
  const address = target.bound(server);
  shared = service(address);
  server.on('error', (error) => answering.report(acceptError(address, error), address));
  return {
    address,
    ...closable(async () => {
      descriptors.stop();
      const stop = target.stop ?? ((close) => close());
      const stopped = new Promise<void>((resolve) => stop(() => server.close(() => resolve())));
      const empty = new Promise<void>((resolve) => {
        emptied = resolve;
        if (connections.size === 0) resolve();
      });
      for (const connection of connections) connection.finish();
      await answering.close(address, Promise.all([stopped, empty]), () => {
        for (const connection of connections) connection.destroy();
      });
    }),
  };
}
