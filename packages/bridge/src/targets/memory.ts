// The scheme `memory:`, for models and hosts within this program: for tests, and for a model that may move to another process later.
import { makeCarrier, TransportError } from '@bridge/transport';
import { listenMemory, type MemoryListener, memory as memoryCarrier } from '@bridge/transport/memory';
import type { Replica } from '../guard/replica.ts';
import type { Address, OpenOptions, Scheme } from './scheme.ts';

/** The listeners of this program, by name. */
const LISTENERS = new Map<string, MemoryListener>();

/** Addresses `memory:name`: how they are parsed, called and listened at. The name may be percent-encoded, as in a URL. */
export const memory: Scheme = {
  name: 'memory',
  form: 'memory:name',
  options: ['limits'],
  hostOptions: ['limits'],
  parse(text): Address | undefined {
    const name = nameOf(text.slice('memory:'.length));
    if (name === undefined) return undefined;
    const address = `memory:${encodeURIComponent(name)}`;
    return {
      text: address,
      attributes: { 'server.address': name, 'network.transport': 'inproc' },
      replica: (options) => memoryReplica(name, address, options),
      async listen({ limits }, onError, handler) {
        if (LISTENERS.has(name)) {
          const message = `cannot listen at ${address}: this program listens there already`;
          throw new TransportError('TRANSPORT_ADDRESS', message, { address });
        }
        const listener = await listenMemory(name, { ...(limits && { limits }), onError }, handler);
        LISTENERS.set(name, listener);
        const close = async (): Promise<void> => {
          if (LISTENERS.get(name) === listener) LISTENERS.delete(name);
          await listener.close();
        };
        return { address, close, [Symbol.asyncDispose]: close };
      },
    };
  },
};

function memoryReplica(name: string, address: string, { limits }: OpenOptions): Replica {
  const options = limits ? { limits } : {};
  return {
    target: address,
    carrier: makeCarrier(address, {
      async exchange(request, exchange) {
        const listener = LISTENERS.get(name);
        if (listener) return await memoryCarrier(listener, options).exchange(request, exchange);
        throw new TransportError('TRANSPORT_REFUSED', `nothing listens at ${address}`, { address });
      },
    }),
    // A handler in this process, unlike a model server, needs no turns: its listener's limits decide how many messages it answers at once.
    assumes: { maxInFlight: 1024, keepsConnection: false, maxMessageBytes: Number.POSITIVE_INFINITY },
    listening: async () => LISTENERS.has(name),
  };
}

function nameOf(text: string): string | undefined {
  try {
    return decodeURIComponent(text) || undefined;
  } catch {
    return undefined;
  }
}
