// The guard of a model decides what is sent to the model's replicas, and when, so that no call harms them. Its state machine
// (guard-state-machine.ts) makes the decisions. This class does the I/O: it gives the state machine events and carries out the effects that it
// returns, with the clock and the carriers of the replicas.
import { after } from '../platform/deadline.ts';
import { platform } from '../platform/platform.ts';
import type { GuardEffect, GuardEvent, GuardStateOptions, Health } from './events.ts';
import { GuardStateMachine } from './guard-state-machine.ts';
import { errorOf, givenUp, modelClosedError } from './reasons.ts';
import { RecoveryProbe } from './recovery-probe.ts';
import type { Replica } from './replica.ts';
import { TurnClient } from './turn-client.ts';
import { GuardCalls, type GuardReply, type GuardRequest } from './unsettled-calls.ts';
import { WakeTimer } from './wake-timer.ts';

export interface GuardOptions
  extends Pick<GuardStateOptions, 'inFlight' | 'queueLimit' | 'wedgedMs' | 'retryMs' | 'idleMs'> {
  /** True if a supervisor restarts replicas and calls `hold`, `admit` and `quit`: see GuardStateOptions. Default false. */
  readonly supervised?: boolean;
  /** Called when the health of a replica changes. */
  readonly onHealth?: (target: string, health: Health, error: unknown) => void;
}

/** While calls wait for a model that is down, the kernel is asked at this interval, in milliseconds, if a program listens there again. */
const LOOK_MS = 20;

export class Guard {
  /** The replicas, each at the number that it has in the state machine. */
  readonly #replicas: Replica[];
  readonly #state: GuardStateMachine;
  readonly #options: GuardOptions;
  readonly #calls = new GuardCalls((event) => this.#handle(event));
  readonly #turns: TurnClient;
  readonly #probe: RecoveryProbe;
  readonly #wakeTimer = new WakeTimer(() => this.#wake());
  readonly #events: GuardEvent[] = [];
  #working = false;
  #lastId = 0;
  /** Called when no message is in progress any more at a replica that was held or has quit, by its number. */
  readonly #idle = new Map<number, () => void>();
  #closed: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(replicas: readonly Replica[], options: GuardOptions) {
    this.#replicas = [...replicas];
    this.#options = options;
    this.#turns = new TurnClient(this.#replicas, (event) => this.#handle(event));
    const { supervised = false } = options;
    // Supervised replicas join later, and may take turns.
    const shared = supervised || replicas.some(({ takeTurn }) => takeTurn !== undefined);
    this.#state = new GuardStateMachine({
      ...options,
      replicas: replicas.length,
      shared,
      supervised,
      random: Math.random,
    });
    this.#probe = new RecoveryProbe(this.#replicas, this.#state.records, (event) => this.#handle(event));
  }

  /** The number of calls whose messages wait to be sent. */
  get queued(): number {
    return this.#state.waiting;
  }

  /** True if one more call may wait. */
  get hasRoom(): boolean {
    // While calls wait for the kernel's answer, the state machine does not know of them yet, and calls in progress may return to the queue.
    return (this.#probe.comesFirst ? this.#calls.size : this.queued) < this.#options.queueLimit;
  }

  /** The number of messages in progress, those of callers that have aborted included. */
  get inFlight(): number {
    return this.#state.inFlight;
  }

  /** The number of times that a message was sent again. */
  get resent(): number {
    return this.#calls.resent;
  }

  get health(): readonly { readonly target: string; readonly health: Health }[] {
    return this.#state.records.flatMap(({ health, out }, i) =>
      out?.forGood && out.error === undefined ? [] : [{ target: this.#replicas[i]?.target ?? '', health }],
    );
  }

  /** Returns the health of a replica, by its number. */
  healthOf(replica: number): Health | undefined {
    return this.#state.records[replica]?.health;
  }

  /**
   * Adds a replica, which gets no message before `admit`.
   * @returns the replica's number
   */
  join(replica: Replica): number {
    const vacant = this.#state.records.findIndex(({ isVacant }) => isVacant);
    const number = vacant < 0 ? this.#replicas.length : vacant;
    this.#replicas[number] = replica;
    this.#handle({ type: 'join', replica: number });
    return number;
  }

  /** Sends a replica no more messages until `admit`, because it is about to be restarted. Resolves when none is in progress there. */
  hold(replica: number): Promise<void> {
    return this.#stopGiving({ type: 'hold', replica });
  }

  /** Sends a replica messages again: it was started. */
  admit(replica: number): void {
    this.#handle({ type: 'admit', replica });
    this.#idle.get(replica)?.();
  }

  /**
   * Sends a replica no more messages, for good. Resolves when none is in progress there. When the last replica has quit, waiting and later
   * calls are rejected with its error.
   */
  quit(replica: number, error: unknown): Promise<void> {
    return this.#stopGiving({ type: 'quit', replica, error });
  }

  /**
   * Sends a message as soon as a replica may take it, and resolves with the reply. A call whose signal aborts is rejected at once. Its
   * message is dropped if it waits. A message that was begun is finished all the same, and occupies its slot until its reply was read.
   *
   * @throws BridgeError BRIDGE_CLOSED, BRIDGE_QUEUE_FULL, BRIDGE_WEDGED, BRIDGE_TURN; `signal.reason` if the signal aborts; the carrier's
   *   error; what `request.message` throws
   */
  exchange(request: GuardRequest): Promise<GuardReply> {
    const { signal } = request;
    if (signal.aborted) return Promise.reject(givenUp(signal.reason, false, this.queued));
    const id = ++this.#lastId;
    let asked = false;
    const onAbort = (): void => {
      if (asked) this.#handle({ type: 'give up', id, reason: signal.reason });
      else this.#calls.reject(id, givenUp(signal.reason, false, this.queued));
    };
    const ask = (): void => {
      if (!this.#calls.has(id)) return;
      asked = true;
      this.#handle({ type: 'call', id, resend: request.resend });
    };
    const reply = this.#calls.add(id, request, onAbort);
    // If a model was down, the kernel may know that it listens again. A call that waits for the answer is spared a failed connection.
    if (this.#probe.comesFirst) this.#probe.runAfterLook(ask);
    else ask();
    return reply;
  }

  /**
   * Rejects waiting calls, waits for messages in progress (except those of a wedged model), and closes the carriers. After `timeoutMs` it
   * waits no longer: the calls that are left are rejected with BRIDGE_CLOSED, and the process may end.
   */
  async close(timeoutMs: number): Promise<void> {
    if (!this.#closed) {
      let resolve!: () => void;
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#closed = { promise, resolve };
      this.#handle({ type: 'close' });
    }
    const stop = after(timeoutMs, () => this.#abandon());
    await this.#closed.promise;
    stop();
  }

  #stopGiving(event: GuardEvent & { type: 'hold' | 'quit' }): Promise<void> {
    this.#idle.get(event.replica)?.();
    return new Promise((resolve) => {
      this.#idle.set(event.replica, () => {
        this.#idle.delete(event.replica);
        resolve();
      });
      this.#handle(event);
    });
  }

  /** Rejects the calls that are left, and lets the process end with their messages in progress. */
  #abandon(): void {
    const targets = this.#replicas.map(({ target }) => target);
    for (const { id, begun } of this.#calls.all)
      this.#handle({ type: 'give up', id, reason: modelClosedError(targets, begun) });
    for (const { carrier } of this.#replicas) carrier.unref?.();
    this.#closed?.resolve();
  }

  /** Gives the state machine an event, and carries out the effects. Events that an effect causes at once are handled after it. */
  #handle(event: GuardEvent): void {
    if (this.#working) {
      this.#events.push(event);
      return;
    }
    this.#working = true;
    let moved = false;
    try {
      for (
        let next: GuardEvent | undefined = event;
        next;
        next = this.#events.length > 0 ? this.#events.shift() : undefined
      ) {
        const effects = this.#state.step(next, platform.performance.now());
        for (const effect of effects) this.#carryOut(effect);
        // After mere activity the timer is only too early, and is set again when it fires.
        moved ||= next.type !== 'step' || effects.length > 0;
      }
    } finally {
      this.#working = false;
    }
    if (moved) this.#setTimer();
  }

  #carryOut(effect: GuardEffect): void {
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
        // The replica may explain the guard's own error of a message that was begun. The caller's own reason is not changed, and an error
        // of the carrier was explained when the exchange failed.
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

  /** Sets the timer to the time at which the state machine needs a tick, or the kernel is to be asked, whichever is earlier. */
  #setTimer(): void {
    const waits = this.#state.waiting > 0;
    const probes = waits && this.#probe.needed;
    const wakeAt = this.#state.wakeAt();
    this.#wakeTimer.set(probes ? Math.min(wakeAt, platform.performance.now() + LOOK_MS) : wakeAt, waits);
  }

  #wake(): void {
    if (this.#state.waiting > 0 && this.#probe.needed) void this.#probe.look();
    this.#handle({ type: 'tick' });
  }

  async #dispose(): Promise<void> {
    this.#wakeTimer.clear();
    const wedged = this.#state.records.map((record) => record.wedged);
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
