// The carrier that the guards of all models get for one replica. It stays the same while the instance behind it restarts, and the
// error of a lost message says how its model ended.
import { type Carrier, type ExchangeOptions, isTransportError, type Message, TransportError } from '@bridge/transport';
import type { CheckedDialect } from '../../dialects/check-dialect.ts';
import { failureOf } from '../../guard/reasons.ts';
import type { ModelTurn, Replica } from '../../guard/replica.ts';
import { atMost } from '../../platform/at-most.ts';
import { assumptionsOf } from '../../targets/stream-replica.ts';
import { type ErrorContext, lostError } from '../launch-errors.ts';
import type { Ending, Instance } from '../runtime.ts';
import type { Endpoint } from './endpoint.ts';

/** Milliseconds in which the end of a model that has lost a connection shows. */
const DYING_MS = 500;

/** An instance that is ready, the way to it, and what its errors say of it. */
export interface ReadyInstance {
  readonly instance: Instance;
  readonly endpoint: Endpoint;
  readonly errorContext: () => ErrorContext;
}

/** One of the models that call the replica. */
interface Caller {
  /** Its messages under way. */
  underWay: number;
  /** False once the model was closed and does not wait for its messages any more. */
  keepsAlive: boolean;
}

export class ReplicaCarrier {
  readonly #target: string;
  readonly #dialect: CheckedDialect;
  #ready: ReadyInstance | undefined;
  #ended: { readonly error: unknown } | undefined;
  #underWay = 0;
  /** Messages under way of callers that keep the process alive. */
  #keepingAlive = 0;
  #answered = 0;

  constructor(target: string, dialect: CheckedDialect) {
    this.#target = target;
    this.#dialect = dialect;
  }

  /** Messages under way, those of all models. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Messages that were answered, by all instances. */
  get answered(): number {
    return this.#answered;
  }

  attach(ready: ReadyInstance): void {
    this.#ready = ready;
  }

  detach(): void {
    this.#ready = undefined;
  }

  /** Declares that the replica is ended on purpose: a message that is lost from now on is rejected with this error. */
  end(error: unknown): void {
    this.#ended = { error };
  }

  /** Returns the replica for one guard. Closing its carrier closes nothing, because there may be other models. */
  replica(): Replica {
    const close = async (): Promise<void> => {};
    const caller: Caller = { underWay: 0, keepsAlive: true };
    const carrier: Carrier = {
      exchange: (request, options) => this.#exchange(request, options ?? {}, caller),
      rest: () => this.#ready?.endpoint.rest(),
      unref: () => {
        if (!caller.keepsAlive) return;
        caller.keepsAlive = false;
        this.#keepingAlive -= caller.underWay;
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
    this.#underWay++;
    if (keepsAlive) this.#keepingAlive++;
    caller.underWay++;
    try {
      const reply = await ready.endpoint.exchange(message, options);
      this.#answered++;
      return reply;
    } catch (error) {
      if (failureOf(error) !== 'lost' || leavesModelAlive(error)) throw error;
      if (this.#ended) throw this.#ended.error;
      throw lostError(error, await endingSoon(ready.instance), ready.errorContext());
    } finally {
      this.#underWay--;
      caller.underWay--;
      if (keepsAlive && caller.keepsAlive) this.#keepingAlive--;
      if (this.#underWay > 0) this.#unrefIfUnwanted();
    }
  }

  /** Lets the process end if all messages that are under way belong to models that were closed and do not wait for them. */
  #unrefIfUnwanted(): void {
    if (this.#keepingAlive === 0) this.#ready?.endpoint.unref();
  }
}

/**
 * Returns true if the model lives although the message is lost: it went on without a reply, or its reply was given up. If it ends
 * after that, this program has ended it.
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
