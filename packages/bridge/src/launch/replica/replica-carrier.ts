// The carrier that the guards of all models get for one replica. It stays the same while the instance behind it is restarted. If a message
// is lost, its error says how the instance ended.
import { type Carrier, type ExchangeOptions, isTransportError, type Message, TransportError } from '@bridge/transport';
import type { CheckedDialect } from '../../dialects/check-dialect.ts';
import { failureOf } from '../../guard/reasons.ts';
import type { ModelTurn, Replica } from '../../guard/replica.ts';
import { atMost } from '../../platform/at-most.ts';
import { assumptionsOf } from '../../targets/stream-replica.ts';
import { type ErrorContext, withEnding } from '../launch-errors.ts';
import type { Ending, Instance } from '../runtime.ts';
import type { Endpoint } from './endpoint.ts';

/** Milliseconds to wait for the end of a model that has lost a connection. */
const DYING_MS = 500;

/** An instance that is ready, its endpoint, and the facts about it for errors. */
export interface ReadyInstance {
  readonly instance: Instance;
  readonly endpoint: Endpoint;
  readonly errorContext: () => ErrorContext;
}

/** One of the models that call the replica. */
interface Caller {
  /** The number of its messages in progress. */
  inProgress: number;
  /** False once the model was closed and does not wait for its messages any more. */
  keepsAlive: boolean;
}

export class ReplicaCarrier {
  readonly #target: string;
  readonly #dialect: CheckedDialect;
  #ready: ReadyInstance | undefined;
  #ended: { readonly error: unknown } | undefined;
  #inProgress = 0;
  /** The number of messages in progress of callers that keep the process alive. */
  #keepingAlive = 0;
  #answered = 0;

  constructor(target: string, dialect: CheckedDialect) {
    this.#target = target;
    this.#dialect = dialect;
  }

  /** The number of messages in progress, of all models. */
  get inProgress(): number {
    return this.#inProgress;
  }

  /** The number of messages that were answered, by all instances. */
  get answered(): number {
    return this.#answered;
  }

  attach(ready: ReadyInstance): void {
    this.#ready = ready;
  }

  detach(): void {
    this.#ready = undefined;
  }

  /** Sets the error for messages that are lost from now on, because the replica is ended on purpose. */
  end(error: unknown): void {
    this.#ended = { error };
  }

  /** Returns the replica for one guard. Closing its carrier closes nothing, because other models may use the same endpoint. */
  replica(): Replica {
    const close = async (): Promise<void> => {};
    const caller: Caller = { inProgress: 0, keepsAlive: true };
    const carrier: Carrier = {
      exchange: (request, options) => this.#exchange(request, options ?? {}, caller),
      rest: () => this.#ready?.endpoint.rest(),
      unref: () => {
        if (!caller.keepsAlive) return;
        caller.keepsAlive = false;
        this.#keepingAlive -= caller.inProgress;
        this.#unrefIfUnwanted();
      },
      close,
      [Symbol.asyncDispose]: close,
    };
    const none: ModelTurn = { release: close };
    return {
      target: this.#target,
      ...assumptionsOf(this.#target, this.#dialect),
      carrier,
      takeTurn: async (...turn) => (await this.#ready?.endpoint.takeTurn(...turn)) ?? none,
      listening: async () => (await this.#ready?.instance.listening()) !== undefined,
      lastWords: () => this.#ready?.errorContext().lastWords ?? [],
    };
  }

  /** Sends a message. @throws TransportError. If the connection was lost because the model ended, the error says how it ended */
  async #exchange(message: Message, options: ExchangeOptions, caller: Caller): Promise<Uint8Array> {
    const ready = this.#ready;
    if (!ready) {
      const text = `${this.#target} is being started`;
      throw new TransportError('TRANSPORT_REFUSED', text, { target: this.#target });
    }
    const { keepsAlive } = caller;
    this.#inProgress++;
    if (keepsAlive) this.#keepingAlive++;
    caller.inProgress++;
    try {
      const reply = await ready.endpoint.exchange(message, options);
      this.#answered++;
      return reply;
    } catch (error) {
      if (failureOf(error) !== 'lost' || leavesModelAlive(error)) throw error;
      if (this.#ended) throw this.#ended.error;
      throw withEnding(error, await endingSoon(ready.instance), ready.errorContext());
    } finally {
      this.#inProgress--;
      caller.inProgress--;
      if (keepsAlive && caller.keepsAlive) this.#keepingAlive--;
      if (this.#inProgress > 0) this.#unrefIfUnwanted();
    }
  }

  /** Lets the process end if all messages in progress belong to models that were closed and do not wait for them. */
  #unrefIfUnwanted(): void {
    if (this.#keepingAlive === 0) this.#ready?.endpoint.unref();
  }
}

/**
 * Returns true if the model is running although the message is lost: it took the next message without a reply to this one, or its reply
 * was too slow. If it ends after that, this program has ended it.
 */
function leavesModelAlive(error: unknown): boolean {
  return isTransportError(error) && Boolean(error.detail.unanswered ?? error.detail.givenUp);
}

async function endingSoon({ ended }: Instance): Promise<Ending | undefined> {
  let ending: Ending | undefined;
  await atMost(
    ended.then((how) => {
      ending = how;
    }),
    DYING_MS,
  );
  return ending;
}
