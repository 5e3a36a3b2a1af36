// What may be sent to a model, and when; and what becomes of a call whose message was not answered. Pure: events and the
// time go in, effects come out; no clock, no timer, no socket. docs/guard.md has it as a table.
//
//   waiting ──begin──▶ connecting ──connected──▶ sending ──sent──▶ awaiting ──first byte──▶ reading ──replied──▶ over
//      ▲  └ give up: dropped  │ unseen                    └──────────── lost ────────────────┘
//      └──────────────────────┴──────────── the caller allows it ───────────────┘
//
// From `connecting` on a message is begun: a caller who gives up is told at once, and its slot stays taken to the end.
import { gone, goneSince, hasTrial, hindrance } from './circuit.ts';
import type { LawEffect, LawEvent, LawOptions, Why } from './events.ts';
import { SlotTurns } from './slot-turns.ts';
import { leastBusy, Standing } from './standing.ts';
import { type Ticket, Waiting } from './waiting.ts';

/** How often a message may be sent whose exchange was lost, where the caller says that it may be seen twice. */
const MOST_LOST = 3;
const NOTHING: readonly LawEffect[] = [];

export class Law {
  readonly #standings: Standing[];
  readonly #options: LawOptions;
  readonly #turns: SlotTurns;
  readonly #waiting = new Waiting();
  readonly #begun = new Map<number, { ticket: Ticket; replica: number; slot: number }>();
  #closing: 'no' | 'closing' | 'closed' = 'no';
  #effects: LawEffect[] = [];
  #now = 0;

  constructor(options: LawOptions) {
    this.#options = options;
    this.#standings = Array.from({ length: options.replicas }, () => new Standing(options));
    this.#turns = new SlotTurns(this.standings, options);
  }

  /** The replicas, each in its place. */
  get standings(): readonly Standing[] {
    return this.#standings;
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
    for (const standing of this.standings) {
      if (!standing.silent && standing.atWork) consider(standing.signAt + this.#options.wedgedMs);
      if (this.#waiting.size > 0) consider(standing.openAt());
    }
    if (this.#waiting.size > 0) consider(this.#turns.askAt());
    if (this.#waiting.size > 0) consider(goneSince(this.standings, this.#options.supervised) + this.#options.retryMs);
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
        over?.standing.answered();
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
        const down = this.standings[event.replica]?.down;
        if (down) down.trialAt = Math.min(down.trialAt, this.#now);
        break;
      }
      case 'join':
        this.#standings[event.replica] = new Standing(this.#options);
        this.#standings[event.replica]?.hold(false, undefined);
        break;
      case 'hold':
        this.standings[event.replica]?.hold(false, undefined);
        break;
      case 'quit':
        this.standings[event.replica]?.hold(true, event.error);
        break;
      case 'admit':
        this.standings[event.replica]?.admit(this.#now);
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
    if (waiting) this.#drop(waiting, { kind: 'given up', reason, begun: false, hindrance: hindrance(this.standings) });
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
    return begun === undefined || this.standings[begun.replica]?.health === 'up';
  }

  #step(id: number, step: 'connected' | 'sent' | 'reading'): void {
    const begun = this.#begun.get(id);
    const standing = begun && this.standings[begun.replica];
    if (!standing) return;
    standing.sign(this.#now);
    if (step === 'connected') standing.down = undefined;
    const { ticket } = begun;
    if (step === 'reading') ticket.phase = 'reading';
    else if (ticket.phase !== 'reading') ticket.phase = step === 'sent' ? 'awaiting' : 'sending';
  }

  #failed({ id, how, error }: LawEvent & { type: 'failed' }): void {
    const over = this.#over(id);
    if (!over) return;
    const { ticket, standing, connecting } = over;
    // Once connected nobody can prove that nothing was seen, whatever a carrier says.
    const unseen = how === 'unseen' && connecting;
    const lost = how === 'lost' || (how === 'unseen' && !connecting);
    if (unseen) standing.unreachable(this.#now, error);
    else if (lost) standing.lost(this.#now);
    else if (how === 'bad') standing.answered();
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
    for (let replica = 0; replica < this.standings.length; replica++) {
      const standing = this.standings[replica];
      const silentMs = this.#now - (standing?.signAt ?? 0);
      if (!standing || standing.silent || !standing.atWork || silentMs < this.#options.wedgedMs) continue;
      standing.silent = true;
      for (const { ticket } of standing.slots) {
        if (ticket) this.#tell(ticket, { kind: 'wedged', replica, silentMs, begun: true });
      }
    }
  }

  /** Gives what waits to whoever may take it, and asks for the turns that this needs. */
  #dispatch(): void {
    for (let ticket = this.#waiting.first(); ticket; ticket = this.#waiting.first()) {
      const replica = leastBusy(this.standings, this.#now, (standing) => standing.freeSlot(this.#now) >= 0);
      if (replica === undefined) break;
      this.#begin(ticket, replica);
    }
    if (this.#waiting.size > 0) this.#effects.push(...this.#turns.ask(this.#waiting.size, this.#now));
  }

  #begin(ticket: Ticket, replica: number): void {
    const standing = this.standings[replica];
    const slot = standing?.freeSlot(this.#now) ?? -1;
    const place = standing?.slots[slot];
    if (!standing || !place) return;
    this.#waiting.delete(ticket);
    if (standing.busy === 0) standing.sign(this.#now);
    place.ticket = ticket;
    place.usedAt = this.#now;
    standing.begunAt = this.#now;
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
    const since = goneSince(this.standings, this.#options.supervised);
    if (since === Number.POSITIVE_INFINITY || hasTrial(this.standings, this.#now)) return;
    for (const ticket of this.#waiting) {
      const patienceMs = ticket.resend === 'never' ? 0 : this.#options.retryMs;
      if (this.#now < since + patienceMs) continue;
      this.#drop(ticket, ticket.failure ? { kind: 'failed', ...ticket.failure } : gone(this.standings, this.#now));
    }
    // Who waited was told. Whoever comes asks anew.
    if (this.#waiting.size === 0) for (const standing of this.standings) standing.pardon();
  }

  /** Tells who went out of use or came back, and where nothing is under way any more that was to be left alone. */
  #report(): void {
    for (let replica = 0; replica < this.standings.length; replica++) {
      const standing = this.standings[replica];
      if (!standing) continue;
      const { health, out, down } = standing;
      if (health !== standing.reported) {
        standing.reported = health;
        this.#effects.push({ type: 'health', replica, health, error: out?.error ?? down?.error });
      }
      if (!out || out.told || standing.busy > 0) continue;
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
    if (this.standings.some((standing) => standing.busy > 0 && !standing.wedged)) return;
    this.#closing = 'closed';
    this.#effects.push({ type: 'closed' });
  }

  /** Frees the slot of an exchange that is over. */
  #over(id: number): { ticket: Ticket; standing: Standing; connecting: boolean } | undefined {
    const begun = this.#begun.get(id);
    const standing = begun && this.standings[begun.replica];
    const place = begun && standing?.slots[begun.slot];
    if (!standing || !place) return undefined;
    this.#begun.delete(id);
    place.ticket = undefined;
    place.usedAt = this.#now;
    standing.sign(this.#now);
    const connecting = begun.ticket.phase === 'connecting';
    begun.ticket.phase = 'waiting';
    return { ticket: begun.ticket, standing, connecting };
  }

  #drop(ticket: Ticket, why: Why): void {
    if (this.#waiting.delete(ticket)) this.#tell(ticket, why);
  }

  #tell(ticket: Ticket, why: Why): void {
    if (ticket.told) return;
    ticket.told = true;
    this.#reject(ticket.id, why);
  }

  #reject(id: number, why: Why): void {
    this.#effects.push({ type: 'reject', id, why });
  }
}
