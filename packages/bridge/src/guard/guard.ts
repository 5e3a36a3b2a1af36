// The law at work: gives it events, carries out its effects. Here are the clock, the carriers and the turns; what may be
// sent when is decided in law.ts and nowhere else.
import type { Message, Signal } from '@bridge/transport';
import { after } from '../platform/deadline.ts';
import { platform } from '../platform/platform.ts';
import type { Health, LawEffect, LawEvent, LawOptions, Resend } from './events.ts';
import { Law } from './law.ts';
import { closedError, errorOf, failureOf, givenUp } from './reasons.ts';
import { RecoveryProbe } from './recovery-probe.ts';
import type { Replica } from './replica.ts';
import { TurnClient } from './turn-client.ts';
import { WakeTimer } from './wake-timer.ts';

export interface GuardOptions extends Pick<LawOptions, 'inFlight' | 'queueLimit' | 'wedgedMs' | 'retryMs' | 'idleMs'> {
  /** Set by whoever starts replicas anew, and tells the guard of it: see LawOptions. Default false. */
  readonly supervised?: boolean;
  /** Told when a replica goes out of use or comes back. */
  readonly onHealth?: (target: string, health: Health, error: unknown) => void;
}

/** What a call brings. */
export interface GuardRequest {
  /** The message, asked for in the moment before its connection is opened; again where it is sent again. */
  readonly message: () => Message;
  readonly signal: Signal;
  readonly resend: Resend;
}

/** What a call gets. */
export interface GuardReply {
  readonly bytes: Uint8Array;
  /** The replica that gave it. */
  readonly target: string;
  /** From the opening of its connection to the reply's last byte, milliseconds. */
  readonly modelMs: number;
}

interface Call extends GuardRequest {
  readonly follow: () => void;
  readonly resolve: (reply: GuardReply) => void;
  readonly reject: (error: unknown) => void;
  begun: boolean;
  /** The replica to which its message went last. */
  replica: Replica | undefined;
  /** The first bytes of its reply. */
  head: Uint8Array | undefined;
  reply: GuardReply | undefined;
}

const NOT_BEGUN = { begun: false, replica: undefined, head: undefined, reply: undefined } as const;

/** How often the kernel is asked whether a model is back, while calls wait for it. */
const LOOK_MS = 20;

export class Guard {
  /** Each in its place, as the law numbers them. */
  readonly #replicas: Replica[];
  readonly #law: Law;
  readonly #options: GuardOptions;
  readonly #calls = new Map<number, Call>();
  readonly #turns: TurnClient;
  readonly #probe: RecoveryProbe;
  readonly #wakeTimer = new WakeTimer(() => this.#ring());
  readonly #events: LawEvent[] = [];
  #working = false;
  #lastId = 0;
  #resent = 0;
  #hasAnswered = false;
  readonly #idle = new Map<number, () => void>();
  #closed: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(replicas: readonly Replica[], options: GuardOptions) {
    this.#replicas = [...replicas];
    this.#options = options;
    this.#turns = new TurnClient(this.#replicas, (event) => this.#tell(event));
    const { supervised = false } = options;
    // Nobody knows yet what those are that will join.
    const shared = supervised || replicas.some(({ takeTurn }) => takeTurn !== undefined);
    this.#law = new Law({ ...options, replicas: replicas.length, shared, supervised, random: Math.random });
    this.#probe = new RecoveryProbe(this.#replicas, this.#law.records, (event) => this.#tell(event));
  }

  /** Calls that wait for their turn. */
  get queued(): number {
    return this.#law.waiting;
  }

  /** Whether one more call may wait, if it has to. */
  get hasRoom(): boolean {
    // Where the kernel is asked first the law hears of a call later: what is under way now may be back in the queue by then.
    return (this.#probe.comesFirst ? this.#calls.size : this.queued) < this.#options.queueLimit;
  }

  /** Messages under way, those included whose callers have given up. */
  get inFlight(): number {
    return this.#law.inFlight;
  }

  /** Messages that were sent once more. */
  get resent(): number {
    return this.#resent;
  }

  get health(): readonly { readonly target: string; readonly health: Health }[] {
    return this.#law.records.flatMap(({ health, out }, i) =>
      out?.forGood && out.error === undefined ? [] : [{ target: this.#replicas[i]?.target ?? '', health }],
    );
  }

  /** How a replica is, by its place. */
  healthOf(replica: number): Health | undefined {
    return this.#law.records[replica]?.health;
  }

  /**
   * Takes in a replica. It is given nothing before `admit`.
   * @returns its place
   */
  join(replica: Replica): number {
    const vacant = this.#law.records.findIndex(({ isVacant }) => isVacant);
    const place = vacant < 0 ? this.#replicas.length : vacant;
    this.#replicas[place] = replica;
    this.#tell({ type: 'join', replica: place });
    return place;
  }

  /** Gives a replica nothing more, since it is about to be started anew; when nothing is under way there any more. */
  hold(replica: number): Promise<void> {
    return this.#leaveAlone({ type: 'hold', replica });
  }

  /** A replica takes messages: it was started, whatever became of it before. */
  admit(replica: number): void {
    this.#tell({ type: 'admit', replica });
    this.#idle.get(replica)?.();
  }

  /**
   * Gives a replica nothing more, for good; when nothing is under way there any more. When the last one has quit, who waits
   * is told the reason, and so is whoever comes.
   */
  quit(replica: number, error: unknown): Promise<void> {
    return this.#leaveAlone({ type: 'quit', replica, error });
  }

  /**
   * Has a message answered when its turn comes. Aborting rejects at once: a message that waits is dropped, one that was
   * begun goes on behind the caller's back and holds its slot until its reply has been read.
   *
   * @throws BridgeError BRIDGE_CLOSED, BRIDGE_QUEUE_FULL, BRIDGE_WEDGED, BRIDGE_TURN; `signal.reason`; what the carrier
   *   throws, and what `message` throws
   */
  exchange(request: GuardRequest): Promise<GuardReply> {
    const { signal } = request;
    return new Promise<GuardReply>((resolve, reject) => {
      if (signal.aborted) return reject(givenUp(signal.reason, false, this.queued));
      const id = ++this.#lastId;
      let asked = false;
      const follow = (): void => {
        if (asked) this.#tell({ type: 'give up', id, reason: signal.reason });
        else this.#forget(id)?.reject(givenUp(signal.reason, false, this.queued));
      };
      const ask = (): void => {
        if (!this.#calls.has(id)) return;
        asked = true;
        this.#tell({ type: 'call', id, resend: request.resend });
      };
      signal.addEventListener('abort', follow, { once: true });
      this.#calls.set(id, { ...request, follow, resolve, reject, ...NOT_BEGUN });
      // Where a model is gone the kernel may know that it is back: better than a call that finds out.
      if (this.#probe.comesFirst) this.#probe.first(ask);
      else ask();
    });
  }

  /**
   * Rejects what waits, lets what was begun be finished (unless the model is wedged), and closes the carriers. After
   * `timeoutMs` it waits no longer: who still waits for an answer is told BRIDGE_CLOSED, and the process may end.
   */
  async close(timeoutMs: number): Promise<void> {
    if (!this.#closed) {
      let resolve!: () => void;
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#closed = { promise, resolve };
      this.#tell({ type: 'close' });
    }
    const stop = after(timeoutMs, () => this.#leave());
    await this.#closed.promise;
    stop();
  }

  #leaveAlone(event: LawEvent & { type: 'hold' | 'quit' }): Promise<void> {
    this.#idle.get(event.replica)?.();
    return new Promise((resolve) => {
      this.#idle.set(event.replica, () => {
        this.#idle.delete(event.replica);
        resolve();
      });
      this.#tell(event);
    });
  }

  #leave(): void {
    const targets = this.#replicas.map(({ target }) => target);
    for (const [id, { begun }] of [...this.#calls]) {
      this.#tell({ type: 'give up', id, reason: closedError(targets, begun) });
    }
    for (const { carrier } of this.#replicas) carrier.unref?.();
    this.#closed?.resolve();
  }

  /** Effects may cause events at once; they are taken one after the other. */
  #tell(event: LawEvent): void {
    if (this.#working) {
      this.#events.push(event);
      return;
    }
    this.#working = true;
    let moved = false;
    try {
      for (
        let next: LawEvent | undefined = event;
        next;
        next = this.#events.length > 0 ? this.#events.shift() : undefined
      ) {
        const effects = this.#law.step(next, platform.performance.now());
        for (const effect of effects) this.#carryOut(effect);
        // A sign of life only puts off what the clock is set for: it rings too soon and is set again.
        moved ||= next.type !== 'step' || effects.length > 0;
      }
    } finally {
      this.#working = false;
    }
    if (moved) this.#arm();
  }

  #carryOut(effect: LawEffect): void {
    switch (effect.type) {
      case 'begin':
        void this.#begin(effect.id, effect.replica);
        break;
      case 'answer': {
        const call = this.#calls.get(effect.id);
        if (call?.reply) this.#forget(effect.id)?.resolve(call.reply);
        break;
      }
      case 'reject': {
        const { why } = effect;
        const error = errorOf(why, this.#replicas, this.queued);
        const call = this.#forget(effect.id);
        // What the guard itself says of a message that was begun may be explained. The caller's own reason is told untouched, and what
        // failed on the wire was explained when it did.
        const isOurs = why.kind === 'wedged' || (why.kind === 'given up' && why.reason !== error);
        call?.reject(isOurs ? this.#explained(error, call) : error);
        break;
      }
      case 'ask':
        void this.#turns.ask(effect.replica, effect.slot);
        break;
      case 'withdraw':
        this.#turns.withdraw(effect.replica, effect.slot);
        break;
      case 'release':
        this.#turns.release(effect.replica, effect.slot);
        break;
      case 'health':
        this.#options.onHealth?.(this.#replicas[effect.replica]?.target ?? '', effect.health, effect.error);
        break;
      case 'idle':
        this.#idle.get(effect.replica)?.();
        break;
      case 'closed':
        void this.#dispose();
        break;
    }
  }

  async #begin(id: number, at: number): Promise<void> {
    const call = this.#calls.get(id);
    const replica = this.#replicas[at];
    if (!call || !replica) return;
    if (call.begun) this.#resent++;
    call.begun = true;
    call.replica = replica;
    const begunAt = platform.performance.now();
    let message: Message;
    try {
      message = call.message();
    } catch (error) {
      this.#tell({ type: 'failed', id, how: 'unsent', error });
      return;
    }
    try {
      const bytes = await replica.carrier.exchange(message, {
        progress: (step, head) => {
          if (head) call.head = head;
          this.#tell({ type: 'step', id, step });
        },
      });
      call.reply = { bytes, target: replica.target, modelMs: platform.performance.now() - begunAt };
      this.#hasAnswered = true;
      this.#tell({ type: 'replied', id });
    } catch (error) {
      this.#tell({ type: 'failed', id, how: failureOf(error), error: this.#explained(error, call) });
    }
  }

  /** Returns the error of a message in the words of its caller. */
  #explained(error: unknown, { replica, head }: Call): unknown {
    return replica?.explain ? replica.explain(error, head, this.#hasAnswered) : error;
  }

  #forget(id: number): Call | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.signal.removeEventListener('abort', call.follow);
    return call;
  }

  /** Sets the clock for the law; sooner, where the kernel may know something before. */
  #arm(): void {
    const waits = this.#law.waiting > 0;
    const back = waits && this.#probe.needed;
    const at = this.#law.wakeAt();
    this.#wakeTimer.set(back ? Math.min(at, platform.performance.now() + LOOK_MS) : at, waits);
  }

  #ring(): void {
    if (this.#law.waiting > 0 && this.#probe.needed) void this.#probe.look();
    this.#tell({ type: 'tick' });
  }

  async #dispose(): Promise<void> {
    this.#wakeTimer.clear();
    const wedged = this.#law.records.map((record) => record.wedged);
    await Promise.allSettled([
      this.#turns.settled(),
      ...this.#replicas.map(async ({ carrier }, at) => {
        const disposed = carrier[Symbol.asyncDispose]();
        // What a wedged model holds may never end.
        if (!wedged[at]) await disposed;
      }),
    ]);
    this.#closed?.resolve();
  }
}
