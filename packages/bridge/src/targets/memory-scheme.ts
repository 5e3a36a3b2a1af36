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
import type { Scheme } from './scheme.ts';

/** Options of calling a model within this program. */
export interface MemoryCallOptions {
  /** The limit on the size of a reply. Default: one gibibyte. */
  readonly limits?: Partial<FrameLimits> | undefined;
}

/** Options of answering hosts within this program. */
export interface MemoryHostOptions {
  /** Limits on the requests: `AnswerLimits` of @bridge/transport. */
  readonly limits?: Partial<AnswerLimits> | undefined;
}

const REPLY_LIMITS: Names<FrameLimits> = { maxMessageBytes: true };
const ANSWER_LIMITS: Names<AnswerLimits> = {
  maxMessageBytes: true,
  maxHeldBytes: true,
  maxHandlers: true,
  maxQueued: true,
  handlerMs: true,
  closeMs: true,
};

/** The listeners of this program, by name; undefined for a name at which it is about to listen. */
const LISTENERS = new Map<string, MemoryListener | undefined>();

/** Addresses `memory:name`: how they are parsed, called and listened at. The name may be percent-encoded, as in a URL. */
export const memory: Scheme<MemoryCallOptions, MemoryHostOptions> = {
  name: 'memory',
  form: 'memory:name',
  callOptions: { limits: true },
  hostOptions: { limits: true },
  withinProcess: true,
  parse(text) {
    const name = nameOf(text.slice('memory:'.length));
    if (name === undefined) return undefined;
    const address = `memory:${encodeURIComponent(name)}`;
    return {
      text: address,
      attributes: { 'server.address': name, 'network.transport': 'inproc' },
      replica: (options) => memoryReplica(name, address, options),
      hosts(options, { prefix, limits: defaults }) {
        const given = optionsOf<Partial<AnswerLimits>>(`${prefix}limits`, options.limits, ANSWER_LIMITS);
        const limits = { ...defaults, ...given };
        return {
          limits,
          async listen(onError, handler) {
            if (LISTENERS.has(name)) {
              const message = `cannot listen at ${address}: this program listens there already`;
              throw new TransportError('TRANSPORT_ADDRESS', message, { address });
            }
            LISTENERS.set(name, undefined);
            const listener = await listenMemory(name, { limits, onError }, handler).catch((error: unknown) => {
              LISTENERS.delete(name);
              throw error;
            });
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
  },
};

function memoryReplica(name: string, address: string, options: MemoryCallOptions): Replica {
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
    listening: async () => LISTENERS.get(name) !== undefined,
  };
}

function nameOf(text: string): string | undefined {
  try {
    const name = decodeURIComponent(text);
    // A name with half of a surrogate pair cannot be an address. This throws for it.
    encodeURIComponent(name);
    return name || undefined;
  } catch {
    return undefined;
  }
}
