// What may be sent to a model, and when; and what becomes of a call whose message was not answered. Pure: events and the
// time go in, effects come out; no clock, no timer, no socket. docs/guard.md has it as a table.
//
//   waiting ──begin──▶ connecting ──connected──▶ sending ──sent──▶ awaiting ──first byte──▶ reading ──replied──▶ over
//      ▲  └ give up: dropped  │ unseen                    └──────────── lost ────────────────┘
//      └──────────────────────┴──────────── the caller allows it ───────────────┘
//
// From `connecting` on a message is begun: a caller who gives up is told at once, and its slot stays taken to the end.

import { CallQueue, type Ticket } from './call-queue.ts';
import { gone, goneSince, hasTrial, waitReason } from './circuit.ts';
import type { LawEffect, LawEvent, LawOptions, RejectReason } from './events.ts';
import { leastBusy, ReplicaRecord } from './replica-record.ts';
import { TurnPolicy } from './turn-policy.ts';

/** How often a message may be sent whose exchange was lost, where the caller says that it may be seen twice. */
const MOST_LOST = 3;
const NOTHING: readonly LawEffect[] = [];

export class Law {
  readonly #records: ReplicaRecord[];
  readonly #options: LawOptions;
  readonly #turns: TurnPolicy;
  readonly #waiting = new CallQueue();
  readonly #begun = new Map<number, { ticket: Ticket; replica: number; slot: number }>();
  #closing: 'no' | 'closing' | 'closed' = 'no';
  #effects: LawEffect[] = [];
  #now = 0;

  constructor(options: LawOptions) {
    this.#options = options;
    this.#records = Array.from({ length: options.replicas }, () => new ReplicaRecord(options));
    this.#turns = new TurnPolicy(this.records, options);
  }

  /** The replicas, each in its place. */
  get records(): readonly ReplicaRecord[] {
    return this.#records;
  }

  /** Calls that wait for their turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Messages under way, those included whose callers have given up. */
  get inFlight(): number {
    return this.#begun.size;
  }

  /** Takes one event. `now` never runs backwards. */
  step(event: LawEvent, now: number): readonly LawEffect[] {
    this.#now = now;
    if (event.type === 'step' && this.#isPlainStep(event.id)) {
      this.#step(event.id, event.step);
      return NOTHING;
    }
    this.#effects = [];
    this.#take(event);
    this.#watch();
    this.#dispatch();
    if (event.type === 'call') this.#bound(event.id);
    this.#dismiss();
    this.#handOn();
    this.#report();
    this.#finish();
    return this.#effects;
  }

  /** When the law wants to be told the time if nothing happens before: always later than the last event. */
  wakeAt(): number {
    let first = this.#turns.restAt(this.#now);
    const consider = (at: number): void => {
      if (at > this.#now && at < first) first = at;
    };
    for (const record of this.records) {
      if (!record.silent && record.atWork) consider(record.signAt + this.#options.wedgedMs);
      if (this.#waiting.size > 0) consider(record.openAt());
    }
    if (this.#waiting.size > 0) consider(this.#turns.askAt());
    if (this.#waiting.size > 0) consider(goneSince(this.records, this.#options.supervised) + this.#options.retryMs);
    return first;
  }

  #take(event: LawEvent): void {
    switch (event.type) {
      case 'call':
        if (this.#closing !== 'no') this.#reject(event.id, { kind: 'closed' });
        else {
          const { id, resend } = event;
          this.#waiting.add({ id, resend, phase: 'waiting', told: false, lost: 0 });
        }
        break;
      case 'give up':
        this.#giveUp(event.id, event.reason);
        break;
      case 'step':
        this.#step(event.id, event.step);
        break;
      case 'replied': {
        const over = this.#over(event.id);
        over?.record.answered();
        if (over && !over.ticket.told) this.#effects.push({ type: 'answer', id: event.id });
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
        const down = this.records[event.replica]?.down;
        if (down) down.trialAt = Math.min(down.trialAt, this.#now);
        break;
      }
      case 'join':
        this.#records[event.replica] = new ReplicaRecord(this.#options);
        this.#records[event.replica]?.hold(false, undefined);
        break;
      case 'hold':
        this.records[event.replica]?.hold(false, undefined);
        break;
      case 'quit':
        this.records[event.replica]?.hold(true, event.error);
        break;
      case 'admit':
        this.records[event.replica]?.admit(this.#now);
        break;
      case 'close':
        if (this.#closing === 'no') this.#close();
        break;
      case 'tick':
        break;
    }
  }

  #giveUp(id: number, reason: unknown): void {
    const waiting = this.#waiting.get(id);
    if (waiting) this.#drop(waiting, { kind: 'given up', reason, begun: false, waitReason: waitReason(this.records) });
    const begun = this.#begun.get(id)?.ticket;
    if (begun) this.#tell(begun, { kind: 'given up', reason, begun: true });
  }

  /** Who waits for nothing but the machine's turn counts as begun. */
  #close(): void {
    this.#closing = 'closing';
    let { inLine } = this.#turns;
    for (const ticket of this.#waiting) if (inLine-- <= 0) this.#drop(ticket, { kind: 'closed' });
  }

  /** Whether a sign changes nothing but the time of the last one: most events are these, and they are to cost nothing. */
  #isPlainStep(id: number): boolean {
    const begun = this.#begun.get(id);
    return begun === undefined || this.records[begun.replica]?.health === 'up';
  }

  #step(id: number, step: 'connected' | 'sent' | 'reading'): void {
    const begun = this.#begun.get(id);
    const record = begun && this.records[begun.replica];
    if (!record) return;
    record.sign(this.#now);
    if (step === 'connected') record.down = undefined;
    const { ticket } = begun;
    if (step === 'reading') ticket.phase = 'reading';
    else if (ticket.phase !== 'reading') ticket.phase = step === 'sent' ? 'awaiting' : 'sending';
  }

  #failed({ id, how, error }: LawEvent & { type: 'failed' }): void {
    const over = this.#over(id);
    if (!over) return;
    const { ticket, record, connecting } = over;
    // Once connected nobody can prove that nothing was seen, whatever a carrier says.
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
    if (again && !ticket.told && this.#closing === 'no') this.#waiting.addAgain(ticket);
    else this.#tell(ticket, { kind: 'failed', error });
  }

  /**
   * A replica that has a message and gives no sign is wedged: its callers need not wait, the wire does. One whose turn
   * does not move is somebody else's, and nobody knows how it is.
   */
  #watch(): void {
    for (let replica = 0; replica < this.records.length; replica++) {
      const record = this.records[replica];
      const silentMs = this.#now - (record?.signAt ?? 0);
      if (!record || record.silent || !record.atWork || silentMs < this.#options.wedgedMs) continue;
      record.silent = true;
      for (const { ticket } of record.slots) {
        if (ticket) this.#tell(ticket, { kind: 'wedged', replica, silentMs, begun: true });
      }
    }
  }

  /** Gives what waits to whoever may take it, and asks for the turns that this needs. */
  #dispatch(): void {
    for (let ticket = this.#waiting.first(); ticket; ticket = this.#waiting.first()) {
      const replica = leastBusy(this.records, this.#now, (record) => record.freeSlot(this.#now) >= 0);
      if (replica === undefined) break;
      this.#begin(ticket, replica);
    }
    if (this.#waiting.size > 0) this.#effects.push(...this.#turns.ask(this.#waiting.size, this.#now));
  }

  #begin(ticket: Ticket, replica: number): void {
    const record = this.records[replica];
    const slot = record?.freeSlot(this.#now) ?? -1;
    const place = record?.slots[slot];
    if (!record || !place) return;
    this.#waiting.delete(ticket);
    if (record.busy === 0) record.sign(this.#now);
    place.ticket = ticket;
    place.usedAt = this.#now;
    record.begunAt = this.#now;
    ticket.phase = 'connecting';
    this.#begun.set(ticket.id, { ticket, replica, slot });
    this.#effects.push({ type: 'begin', id: ticket.id, replica, slot });
  }

  /** The queue's bound holds for a call that has to wait, and not for one that need not. */
  #bound(id: number): void {
    const limit = this.#options.queueLimit;
    const ticket = this.#waiting.get(id);
    if (ticket && this.#waiting.size > limit) this.#drop(ticket, { kind: 'queue full', limit });
  }

  /** The circuit: nobody waits for a model that is gone, unless somebody else's message is finding out. */
  #dismiss(): void {
    if (this.#waiting.size === 0) return;
    const since = goneSince(this.records, this.#options.supervised);
    if (since === Number.POSITIVE_INFINITY || hasTrial(this.records, this.#now)) return;
    for (const ticket of this.#waiting) {
      const patienceMs = ticket.resend === 'never' ? 0 : this.#options.retryMs;
      if (this.#now < since + patienceMs) continue;
      this.#drop(ticket, ticket.failure ? { kind: 'failed', ...ticket.failure } : gone(this.records, this.#now));
    }
    // Who waited was told. Whoever comes asks anew.
    if (this.#waiting.size === 0) for (const record of this.records) record.pardon();
  }

  /** Tells who went out of use or came back, and where nothing is under way any more that was to be left alone. */
  #report(): void {
    for (let replica = 0; replica < this.records.length; replica++) {
      const record = this.records[replica];
      if (!record) continue;
      const { health, out, down } = record;
      if (health !== record.reported) {
        record.reported = health;
        this.#effects.push({ type: 'health', replica, health, error: out?.error ?? down?.error });
      }
      if (!out || out.told || record.busy > 0) continue;
      out.told = true;
      this.#effects.push({ type: 'idle', replica });
    }
  }

  /** Turns that others want, or that nobody here needs. What waits may need others then. */
  #handOn(): void {
    const closing = this.#closing !== 'no';
    for (;;) {
      const effect = this.#turns.handOn(this.#waiting, closing, this.#now);
      if (!effect) return;
      this.#effects.push(effect);
      if (this.#waiting.size > 0) this.#dispatch();
    }
  }

  #finish(): void {
    if (this.#closing !== 'closing' || this.#waiting.size > 0) return;
    if (this.records.some((record) => record.busy > 0 && !record.wedged)) return;
    this.#closing = 'closed';
    this.#effects.push({ type: 'closed' });
  }

  /** Frees the slot of an exchange that is over. */
  #over(id: number): { ticket: Ticket; record: ReplicaRecord; connecting: boolean } | undefined {
    const begun = this.#begun.get(id);
    const record = begun && this.records[begun.replica];
    const place = begun && record?.slots[begun.slot];
    if (!record || !place) return undefined;
    this.#begun.delete(id);
    place.ticket = undefined;
    place.usedAt = this.#now;
    record.sign(this.#now);
    const connecting = begun.ticket.phase === 'connecting';
    begun.ticket.phase = 'waiting';
    return { ticket: begun.ticket, record, connecting };
  }

  #drop(ticket: Ticket, why: RejectReason): void {
    if (this.#waiting.delete(ticket)) this.#tell(ticket, why);
  }

  #tell(ticket: Ticket, why: RejectReason): void {
    if (ticket.told) return;
    ticket.told = true;
    this.#reject(ticket.id, why);
  }

  #reject(id: number, why: RejectReason): void {
    this.#effects.push({ type: 'reject', id, why });
  }
}
