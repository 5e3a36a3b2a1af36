// The scheme `memory:`, for models and hosts within this program: for tests, and for a model that may move to another process later.
import { type Carrier, type FrameLimits, makeCarrier, resolveFrameLimits, TransportError } from '@bridge/transport';
import {
  type AnswerLimits,
  listenMemory,
  type MemoryListener,
  memory as memoryCarrier,
} from '@bridge/transport/memory';
import { type Names, optionsOf } from '../errors/options.ts';
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
      async listen(options, onError, handler) {
        const limits = optionsOf<Partial<AnswerLimits>>('limits', options.limits, ANSWER_LIMITS);
        if (LISTENERS.has(name)) {
          const message = `cannot listen at ${address}: this program listens there already`;
          throw new TransportError('TRANSPORT_ADDRESS', message, { address });
        }
        const listener = await listenMemory(name, { limits, onError }, handler);
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

const REPLY_LIMITS: Names<FrameLimits> = { maxMessageBytes: true };
const ANSWER_LIMITS: Names<AnswerLimits> = {
  maxMessageBytes: true,
  maxHeldBytes: true,
  maxHandlers: true,
  maxQueued: true,
  handlerMs: true,
  closeMs: true,
};

function memoryReplica(name: string, address: string, options: OpenOptions): Replica {
  const limits = optionsOf<Partial<FrameLimits>>('limits', options.limits, REPLY_LIMITS);
  resolveFrameLimits(limits);
  // The carrier to the listener that answered last. A later listener of the same name has another carrier.
  let last: { readonly listener: MemoryListener; readonly carrier: Carrier } | undefined;
  return {
    target: address,
    carrier: makeCarrier(address, {
      async exchange(request, exchange) {
        const listener = LISTENERS.get(name);
        if (!listener) throw new TransportError('TRANSPORT_REFUSED', `nothing listens at ${address}`, { address });
        if (last?.listener !== listener) last = { listener, carrier: memoryCarrier(listener, { limits }) };
        return await last.carrier.exchange(request, exchange);
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
