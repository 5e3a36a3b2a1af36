// One replica as the guards of its models see it, for as long as it is wanted: a carrier that stays the same while the
// instance behind it is started anew, and that says of a lost message what its model died of.
import { type Carrier, type ExchangeOptions, isTransportError, type Message, TransportError } from '@bridge/transport';
import type { CheckedDialect } from '../../dialects/check-dialect.ts';
import { failureOf } from '../../guard/reasons.ts';
import type { HeldTurn, Replica } from '../../guard/replica.ts';
import { atMost } from '../../platform/at-most.ts';
import { assumptionsOf } from '../../targets/stream-replica.ts';
import { type About, lostError } from '../errors.ts';
import type { Ending, Instance } from '../runtime.ts';
import type { Line } from './endpoint.ts';

/** How long a model that has lost a connection is given to be seen dying of it. */
const DYING_MS = 500;

/** An instance that is ready, and how to speak to it and of it. */
export interface Attached {
  readonly instance: Instance;
  readonly line: Line;
  readonly about: () => About;
}

export class Link {
  readonly #target: string;
  readonly #dialect: CheckedDialect;
  #attached: Attached | undefined;
  #ended: { readonly error: unknown } | undefined;
  #underWay = 0;
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

  get attached(): Attached | undefined {
    return this.#attached;
  }

  attach(attached: Attached): void {
    this.#attached = attached;
  }

  detach(): void {
    this.#attached = undefined;
  }

  /** It is ended on purpose: who loses a message by that is told this, and not what became of the model. */
  end(error: unknown): void {
    this.#ended = { error };
  }

  /** @throws TransportError, with what became of the model where a connection was lost */
  async exchange(message: Message, options: ExchangeOptions = {}): Promise<Uint8Array> {
    const attached = this.#attached;
    if (!attached) {
      const text = `${this.#target} is being started`;
      throw new TransportError('TRANSPORT_REFUSED', text, { target: this.#target });
    }
    this.#underWay++;
    try {
      const reply = await attached.line.exchange(message, options);
      this.#answered++;
      return reply;
    } catch (error) {
      if (failureOf(error) !== 'lost' || isAliveBy(error)) throw error;
      if (this.#ended) throw this.#ended.error;
      throw lostError(error, await endingSoon(attached.instance), attached.about());
    } finally {
      this.#underWay--;
    }
  }

  /** For a guard. Closing its carrier closes nothing: there may be other models. */
  replica(): Replica {
    const close = async (): Promise<void> => {};
    const carrier: Carrier = {
      exchange: (request, options) => this.exchange(request, options),
      rest: () => this.#attached?.line.rest(),
      unref: () => this.#attached?.line.unref(),
      close,
      [Symbol.asyncDispose]: close,
    };
    const none: HeldTurn = { release: close };
    return {
      target: this.#target,
      ...assumptionsOf(this.#target, this.#dialect),
      carrier,
      takeTurn: async (...turn) => (await this.#attached?.line.takeTurn(...turn)) ?? none,
      listening: async () => (await this.#attached?.instance.listening()) !== undefined,
      lastWords: () => this.#attached?.about().lastWords ?? [],
    };
  }
}

/** It lives where it went on without a reply, or was given up by its lane: its end, which follows, is this program's doing. */
function isAliveBy(error: unknown): boolean {
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
