// The guard of a model: gives the law its events and carries out its effects. The clock and the carriers of the replicas live here.
// law.ts alone decides what may be sent and when.
import { after } from '../platform/deadline.ts';
import { platform } from '../platform/platform.ts';
import type { Health, LawEffect, LawEvent, LawOptions } from './events.ts';
import { GuardCalls, type GuardReply, type GuardRequest } from './guard-calls.ts';
import { Law } from './law.ts';
import { closedError, errorOf, givenUp } from './reasons.ts';
import { RecoveryProbe } from './recovery-probe.ts';
import type { Replica } from './replica.ts';
import { TurnClient } from './turn-client.ts';
import { WakeTimer } from './wake-timer.ts';

export interface GuardOptions extends Pick<LawOptions, 'inFlight' | 'queueLimit' | 'wedgedMs' | 'retryMs' | 'idleMs'> {
  /** True if a supervisor restarts replicas and tells the guard of it: see LawOptions. Default false. */
  readonly supervised?: boolean;
  /** Called when a replica goes out of use or comes back. */
  readonly onHealth?: (target: string, health: Health, error: unknown) => void;
}

/** The pause in milliseconds between two questions to the kernel whether a model is back, while calls wait for it. */
const LOOK_MS = 20;

export class Guard {
  /** Each replica at its number, as the law has it. */
  readonly #replicas: Replica[];
  readonly #law: Law;
  readonly #options: GuardOptions;
  readonly #calls = new GuardCalls((event) => this.#tell(event));
  readonly #turns: TurnClient;
  readonly #probe: RecoveryProbe;
  readonly #wakeTimer = new WakeTimer(() => this.#wake());
  readonly #events: LawEvent[] = [];
  #working = false;
  #lastId = 0;
  readonly #idle = new Map<number, () => void>();
  #closed: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(replicas: readonly Replica[], options: GuardOptions) {
    this.#replicas = [...replicas];
    this.#options = options;
    this.#turns = new TurnClient(this.#replicas, (event) => this.#tell(event));
    const { supervised = false } = options;
    // Replicas that join later may take turns.
    const shared = supervised || replicas.some(({ takeTurn }) => takeTurn !== undefined);
    this.#law = new Law({ ...options, replicas: replicas.length, shared, supervised, random: Math.random });
    this.#probe = new RecoveryProbe(this.#replicas, this.#law.records, (event) => this.#tell(event));
  }

  /** Calls that wait for their turn. */
  get queued(): number {
    return this.#law.waiting;
  }

  /** True if one more call may wait. */
  get hasRoom(): boolean {
    // While the kernel is asked first, the law does not know of all calls yet. Those under way now may be back in the queue by then.
    return (this.#probe.comesFirst ? this.#calls.size : this.queued) < this.#options.queueLimit;
  }

  /** Messages under way, including those whose callers have given up. */
  get inFlight(): number {
    return this.#law.inFlight;
  }

  /** Messages that were sent again. */
  get resent(): number {
    return this.#calls.resent;
  }

  get health(): readonly { readonly target: string; readonly health: Health }[] {
    return this.#law.records.flatMap(({ health, out }, i) =>
      out?.forGood && out.error === undefined ? [] : [{ target: this.#replicas[i]?.target ?? '', health }],
    );
  }

  /** Returns the health of a replica, by its number. */
  healthOf(replica: number): Health | undefined {
    return this.#law.records[replica]?.health;
  }

  /**
   * Adds a replica. It is given nothing before `admit`.
   * @returns its number
   */
  join(replica: Replica): number {
    const vacant = this.#law.records.findIndex(({ isVacant }) => isVacant);
    const number = vacant < 0 ? this.#replicas.length : vacant;
    this.#replicas[number] = replica;
    this.#tell({ type: 'join', replica: number });
    return number;
  }

  /** Gives a replica nothing more, because it is about to be restarted. Resolves when nothing is under way there. */
  hold(replica: number): Promise<void> {
    return this.#stopGiving({ type: 'hold', replica });
  }

  /** Declares that a replica was started and takes messages. */
  admit(replica: number): void {
    this.#tell({ type: 'admit', replica });
    this.#idle.get(replica)?.();
  }

  /**
   * Gives a replica nothing more, for good. Resolves when nothing is under way there. When the last replica has quit, waiting and later
   * calls are rejected with its error.
   */
  quit(replica: number, error: unknown): Promise<void> {
    return this.#stopGiving({ type: 'quit', replica, error });
  }

  /**
   * Sends a message when its turn comes. Resolves with the reply. An aborted call is rejected at once: if its message waits it is
   * dropped, and if it was begun it goes on without the caller and holds its slot until its reply has been read.
   *
   * @throws BridgeError BRIDGE_CLOSED, BRIDGE_QUEUE_FULL, BRIDGE_WEDGED, BRIDGE_TURN; `signal.reason`; the carrier's error; the error
   *   of `message`
   */
  exchange(request: GuardRequest): Promise<GuardReply> {
    const { signal } = request;
    if (signal.aborted) return Promise.reject(givenUp(signal.reason, false, this.queued));
    const id = ++this.#lastId;
    let asked = false;
    const onAbort = (): void => {
      if (asked) this.#tell({ type: 'give up', id, reason: signal.reason });
      else this.#calls.reject(id, givenUp(signal.reason, false, this.queued));
    };
    const ask = (): void => {
      if (!this.#calls.has(id)) return;
      asked = true;
      this.#tell({ type: 'call', id, resend: request.resend });
    };
    const reply = this.#calls.add(id, request, onAbort);
    // If a model is gone, the kernel may know that it is back. That spares the call a failed connection.
    if (this.#probe.comesFirst) this.#probe.runAfterLook(ask);
    else ask();
    return reply;
  }

  /**
   * Rejects waiting calls, lets begun messages be finished (unless the model is wedged), and closes the carriers. After `timeoutMs` it
   * waits no longer: the calls that are left are rejected with BRIDGE_CLOSED, and the process may end.
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
    const stop = after(timeoutMs, () => this.#abandon());
    await this.#closed.promise;
    stop();
  }

  #stopGiving(event: LawEvent & { type: 'hold' | 'quit' }): Promise<void> {
    this.#idle.get(event.replica)?.();
    return new Promise((resolve) => {
      this.#idle.set(event.replica, () => {
        this.#idle.delete(event.replica);
        resolve();
      });
      this.#tell(event);
    });
  }

  /** Rejects the calls that are left, and lets the process end with their messages under way. */
  #abandon(): void {
    const targets = this.#replicas.map(({ target }) => target);
    for (const { id, begun } of this.#calls.all)
      this.#tell({ type: 'give up', id, reason: closedError(targets, begun) });
    for (const { carrier } of this.#replicas) carrier.unref?.();
    this.#closed?.resolve();
  }

  /** Gives the law an event. Effects may cause further events at once, which wait for their turn here. */
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
        // A sign of life only makes the timer too early. It is set again when it fires.
        moved ||= next.type !== 'step' || effects.length > 0;
      }
    } finally {
      this.#working = false;
    }
    if (moved) this.#setTimer();
  }

  #carryOut(effect: LawEffect): void {
    switch (effect.type) {
      case 'begin':
        void this.#calls.begin(effect.id, this.#replicas[effect.replica]);
        break;
      case 'answer':
        this.#calls.answer(effect.id);
        break;
      case 'reject': {
        const { why } = effect;
        const error = errorOf(why, this.#replicas, this.queued);
        // The replica may explain the guard's own error of a message that was begun. The caller's own reason stays untouched, and an
        // error of the carrier was explained when it came.
        const isOurs = why.kind === 'wedged' || (why.kind === 'given up' && why.reason !== error);
        this.#calls.reject(effect.id, error, isOurs);
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

  /** Sets the timer for the law; earlier, if the kernel may know something before. */
  #setTimer(): void {
    const waits = this.#law.waiting > 0;
    const probes = waits && this.#probe.needed;
    const wakeAt = this.#law.wakeAt();
    this.#wakeTimer.set(probes ? Math.min(wakeAt, platform.performance.now() + LOOK_MS) : wakeAt, waits);
  }

  #wake(): void {
    if (this.#law.waiting > 0 && this.#probe.needed) void this.#probe.look();
    this.#tell({ type: 'tick' });
  }

  async #dispose(): Promise<void> {
    this.#wakeTimer.clear();
    const wedged = this.#law.records.map((record) => record.wedged);
    await Promise.allSettled([
      this.#turns.settled(),
      ...this.#replicas.map(async ({ carrier }, replica) => {
        const disposed = carrier[Symbol.asyncDispose]();
        // The exchange of a wedged model may never end.
        if (!wedged[replica]) await disposed;
      }),
    ]);
    this.#closed?.resolve();
  }
}
