// The guard's state machine. It decides what may be sent to a model and when, and what happens to a call whose message was not answered.
// It is pure: events and the time go in, effects come out; no clock, no timer, no socket. docs/guard.md describes it in tables.
//
//   waiting ──begin──▶ connecting ──connected──▶ sending ──sent──▶ awaiting ──first byte──▶ reading ──replied──▶ over
//      ▲  └ abort: dropped    │ unseen                    └──────────── lost ────────────────┘
//      └──────────────────────┴──────────── if `retry` allows it ───────────────┘
//
// From `connecting` on a message is begun: if its caller aborts, the call is rejected at once, and the message's slot stays occupied until
// the exchange is over.
import { BegunMessages } from './begun-messages.ts';
import { CallQueue, type Ticket } from './call-queue.ts';
import { hasTrial, unavailableReason, unavailableSince, waitReason } from './circuit.ts';
import type { GuardEffect, GuardEvent, GuardStateOptions, RejectReason } from './events.ts';
import { addHealthReports } from './health-reports.ts';
import { leastBusy, ReplicaRecord } from './replica-record.ts';
import { TurnPolicy } from './turn-policy.ts';

/** A message with `retry: 'idempotent'` is sent again until its connection was lost this many times. */
const MOST_LOST = 3;
const NOTHING: readonly GuardEffect[] = [];

export class GuardStateMachine {
  readonly #records: ReplicaRecord[];
  readonly #options: GuardStateOptions;
  readonly #turns: TurnPolicy;
  readonly #queue = new CallQueue();
  readonly #begun: BegunMessages;
  #closing: 'no' | 'closing' | 'closed' = 'no';
  #effects: GuardEffect[] = [];
  #now = 0;

  constructor(options: GuardStateOptions) {
    this.#options = options;
    this.#records = Array.from({ length: options.replicas }, () => new ReplicaRecord(options));
    this.#turns = new TurnPolicy(this.#records, options);
    this.#begun = new BegunMessages(this.#records);
  }

  /** The records of the replicas, each at its replica's number. */
  get records(): readonly ReplicaRecord[] {
    return this.#records;
  }

  /** The number of calls whose messages wait to be sent. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** The number of messages in progress, those of callers that have aborted included. */
  get inFlight(): number {
    return this.#begun.size;
  }

  /** Takes one event at the time `now`, which never runs backwards. Returns the effects to carry out. */
  step(event: GuardEvent, now: number): readonly GuardEffect[] {
    this.#now = now;
    if (event.type === 'step' && this.#begun.isPlainStep(event.id)) {
      this.#begun.step(event.id, event.step, now);
      return NOTHING;
    }
    this.#effects = [];
    this.#apply(event);
    this.#detectSilence();
    this.#dispatch();
    if (event.type === 'call') this.#enforceQueueLimit(event.id);
    this.#breakCircuit();
    this.#releaseTurns();
    addHealthReports(this.#records, this.#effects);
    this.#finish();
    return this.#effects;
  }

  /** Returns the time at which a `tick` is needed if no event comes before: later than the last event, and Infinity if none is needed. */
  wakeAt(): number {
    let first = this.#turns.releaseAt(this.#now);
    const consider = (at: number): void => {
      if (at > this.#now && at < first) first = at;
    };
    for (const record of this.#records) {
      if (!record.silent && record.atWork) consider(record.activeAt + this.#options.wedgedMs);
      if (this.#queue.size > 0) consider(record.openAt());
    }
    if (this.#queue.size > 0) consider(this.#turns.askAt());
    if (this.#queue.size > 0)
      consider(unavailableSince(this.#records, this.#options.supervised) + this.#options.retryMs);
    return first;
  }

  #apply(event: GuardEvent): void {
    switch (event.type) {
      case 'call':
        if (this.#closing !== 'no') this.#reject(event.id, { kind: 'closed' });
        else {
          const { id, resend } = event;
          this.#queue.add({ id, resend, phase: 'waiting', settled: false, lost: 0 });
        }
        break;
      case 'give up':
        this.#giveUp(event.id, event.reason);
        break;
      case 'step':
        this.#begun.step(event.id, event.step, this.#now);
        break;
      case 'replied': {
        const ended = this.#begun.end(event.id, this.#now);
        ended?.record.answered();
        if (ended && !ended.ticket.settled) this.#effects.push({ type: 'answer', id: event.id });
        break;
      }
      case 'failed':
        this.#failed(event);
        break;
      case 'granted':
      case 'wanted':
      case 'moved':
      case 'denied':
        this.#turns.take(event, this.#now);
        break;
      case 'listening': {
        const down = this.#records[event.replica]?.down;
        if (down) down.trialAt = Math.min(down.trialAt, this.#now);
        break;
      }
      case 'join':
        this.#records[event.replica] = new ReplicaRecord(this.#options);
        this.#records[event.replica]?.hold(false, undefined);
        break;
      case 'hold':
        this.#records[event.replica]?.hold(false, undefined);
        break;
      case 'quit':
        this.#records[event.replica]?.hold(true, event.error);
        break;
      case 'admit':
        this.#records[event.replica]?.admit(this.#now);
        break;
      case 'close':
        if (this.#closing === 'no') this.#close();
        break;
      case 'tick':
        break;
    }
  }

  #giveUp(id: number, reason: unknown): void {
    const waiting = this.#queue.get(id);
    if (waiting) this.#drop(waiting, { kind: 'given up', reason, begun: false, waitReason: waitReason(this.#records) });
    const begun = this.#begun.ticketOf(id);
    if (begun) this.#settle(begun, { kind: 'given up', reason, begun: true });
  }

  /** Rejects the calls that wait, except for as many as turns were asked for: a call that waits only for the machine's turn is finished. */
  #close(): void {
    this.#closing = 'closing';
    let { asked } = this.#turns;
    for (const ticket of this.#queue) if (asked-- <= 0) this.#drop(ticket, { kind: 'closed' });
  }

  #failed({ id, how, error }: GuardEvent & { type: 'failed' }): void {
    const ended = this.#begun.end(id, this.#now);
    if (!ended) return;
    const { ticket, record, connecting } = ended;
    // After a connection was established the model may have received the message, whatever the carrier reports.
    const unseen = how === 'unseen' && connecting;
    const lost = how === 'lost' || (how === 'unseen' && !connecting);
    if (unseen) record.unreachable(this.#now, error);
    else if (lost) record.lost(this.#now);
    else if (how === 'bad') record.answered();
    if (lost) ticket.lost++;
    const again = unseen
      ? ticket.resend !== 'never'
      : lost && ticket.resend === 'idempotent' && ticket.lost < MOST_LOST;
    ticket.failure = { error };
    if (again && !ticket.settled && this.#closing === 'no') this.#queue.addAgain(ticket);
    else this.#settle(ticket, { kind: 'failed', error });
  }

  /**
   * Marks replicas that are silent. One that has a message is wedged: its calls are rejected, and only their exchanges go on. If it has no
   * message, another process keeps its turn, and nothing is known of the model.
   */
  #detectSilence(): void {
    for (let replica = 0; replica < this.#records.length; replica++) {
      const record = this.#records[replica];
      const silentMs = this.#now - (record?.activeAt ?? 0);
      if (!record || record.silent || !record.atWork || silentMs < this.#options.wedgedMs) continue;
      record.silent = true;
      for (const { ticket } of record.slots) {
        if (ticket) this.#settle(ticket, { kind: 'wedged', replica, silentMs, begun: true });
      }
    }
  }

  /** Begins messages while a replica has a free slot, and asks other processes for the turns that waiting calls need. */
  #dispatch(): void {
    for (let ticket = this.#queue.first(); ticket; ticket = this.#queue.first()) {
      const replica = leastBusy(this.#records, this.#now, (record) => record.freeSlot(this.#now) >= 0);
      const slot = replica === undefined ? undefined : this.#begun.begin(ticket, replica, this.#now);
      if (replica === undefined || slot === undefined) break;
      this.#queue.delete(ticket);
      this.#effects.push({ type: 'begin', id: ticket.id, replica, slot });
    }
    if (this.#queue.size > 0) this.#effects.push(...this.#turns.ask(this.#queue.size, this.#now));
  }

  /** Rejects a new call that would have to wait in a full queue. */
  #enforceQueueLimit(id: number): void {
    const limit = this.#options.queueLimit;
    const ticket = this.#queue.get(id);
    if (ticket && this.#queue.size > limit) this.#drop(ticket, { kind: 'queue full', limit });
  }

  /** Rejects the calls that wait if no replica can be used, unless another message is finding out whether a replica is back. */
  #breakCircuit(): void {
    if (this.#queue.size === 0) return;
    const since = unavailableSince(this.#records, this.#options.supervised);
    if (since === Number.POSITIVE_INFINITY || hasTrial(this.#records, this.#now)) return;
    for (const ticket of this.#queue) {
      const patienceMs = ticket.resend === 'never' ? 0 : this.#options.retryMs;
      if (this.#now < since + patienceMs) continue;
      const { failure } = ticket;
      this.#drop(ticket, failure ? { kind: 'failed', ...failure } : unavailableReason(this.#records, this.#now));
    }
    // All waiting calls were rejected for the denied turns. The next call asks for them again.
    if (this.#queue.size === 0) for (const record of this.#records) record.forgetDenials();
  }

  /** Releases turns that other processes wait for, or that no call needs. After that, calls that wait may need to ask for turns. */
  #releaseTurns(): void {
    const closing = this.#closing !== 'no';
    for (;;) {
      const effect = this.#turns.release(this.#queue, closing, this.#now);
      if (!effect) return;
      this.#effects.push(effect);
      if (this.#queue.size > 0) this.#dispatch();
    }
  }

  /** Reports `closed` once all messages are over, except those of wedged replicas. */
  #finish(): void {
    if (this.#closing !== 'closing' || this.#queue.size > 0) return;
    if (this.#records.some((record) => record.busy > 0 && !record.wedged)) return;
    this.#closing = 'closed';
    this.#effects.push({ type: 'closed' });
  }

  /** Removes a call from the queue, and rejects it. */
  #drop(ticket: Ticket, why: RejectReason): void {
    if (this.#queue.delete(ticket)) this.#settle(ticket, why);
  }

  /** Rejects a call, unless it is settled. */
  #settle(ticket: Ticket, why: RejectReason): void {
    if (ticket.settled) return;
    ticket.settled = true;
    this.#reject(ticket.id, why);
  }

  #reject(id: number, why: RejectReason): void {
    this.#effects.push({ type: 'reject', id, why });
  }
}
