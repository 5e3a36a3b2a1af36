// The machine's turns at the slots of all replicas, as the law sees them: which to ask for, and which to hand on. Without
// other processes to share with there are none, and every slot is ours.
import { backoffMs } from './backoff.ts';
import type { LawEffect, LawEvent, LawOptions } from './events.ts';
import { isOwed, leastBusy, type ReplicaRecord, type Slot } from './replica-record.ts';

/** What is told of a turn. */
type TurnEvent = Extract<LawEvent, { readonly type: 'granted' | 'wanted' | 'moved' | 'denied' }>;

export class TurnPolicy {
  readonly #records: readonly ReplicaRecord[];
  readonly #options: LawOptions;

  constructor(records: readonly ReplicaRecord[], options: LawOptions) {
    this.#records = records;
    this.#options = options;
  }

  /** Turns that were asked for and are somebody else's: a call waits in line for each. */
  get inLine(): number {
    let inLine = 0;
    for (const { slots } of this.#records) for (const { turn } of slots) if (turn === 'asked') inLine++;
    return inLine;
  }

  take(event: TurnEvent, now: number): void {
    const { type, replica, slot } = event;
    const record = this.#records[replica];
    const place = record?.slots[slot];
    if (!record || !place) return;
    if (record.busy === 0) record.sign(now);
    if (type === 'granted')
      Object.assign(place, { turn: 'held', heldAt: now, usedAt: now, denied: undefined, holder: undefined });
    else if (type === 'wanted') place.wanted = true;
    else if (type === 'moved') place.holder = event.holder;
    else Object.assign(place, { turn: 'none', denied: this.#denial(place, event.error, now) });
  }

  /** Asks for the turns that so many waiting calls need. */
  *ask(waiting: number, now: number): Generator<LawEffect, undefined> {
    if (!this.#options.shared) return;
    let unserved = waiting;
    // Who is in line at a silent replica is not served by that.
    for (const { silent, slots } of this.#records) {
      if (!silent) for (const { turn } of slots) if (turn === 'asked') unserved--;
    }
    while (unserved-- > 0) {
      const replica = leastBusy(this.#records, now, ({ slots }) => slots.some((slot) => mayAsk(slot, now)));
      const record = replica === undefined ? undefined : this.#records[replica];
      if (replica === undefined || !record) break;
      const slot = record.slots.findIndex((each) => mayAsk(each, now));
      if (!record.atWork) record.sign(now);
      Object.assign(record.slots[slot] ?? {}, { turn: 'asked', holder: undefined });
      yield { type: 'ask', replica, slot };
    }
  }

  /** When the first of the turns that could not be had is to be asked for again, or Infinity. */
  askAt(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { slots, out } of this.#records) {
      for (const { turn, denied } of slots)
        if (turn === 'none' && denied && !out) first = Math.min(first, denied.askAt);
    }
    return first;
  }

  #denial({ denied }: Slot, error: unknown, now: number): Slot['denied'] {
    const tries = (denied?.tries ?? 0) + 1;
    return { tries, askAt: now + backoffMs(tries, this.#options.random()), error };
  }

  /** Hands on a turn that others want, or that nobody here needs; undefined when there is none any more. */
  handOn(waiting: { readonly size: number }, closing: boolean, now: number): LawEffect | undefined {
    if (!this.#options.shared) return undefined;
    for (let replica = 0; replica < this.#records.length; replica++) {
      const record = this.#records[replica];
      if (!record) continue;
      for (let slot = 0; slot < record.slots.length; slot++) {
        const place = record.slots[slot];
        if (place?.turn === 'asked' && (waiting.size === 0 || record.out)) {
          place.turn = 'none';
          // Whatever the silence was, it was not about a message of ours.
          if (record.busy === 0) record.sign(now);
          return { type: 'withdraw', replica, slot };
        }
        if (place?.turn !== 'held' || place.ticket) continue;
        const idle = waiting.size === 0 || record.openAt() > now;
        const owed = place.wanted && (idle || isOwed(place, now));
        if (!owed && !closing && !(idle && now - place.usedAt >= this.#options.idleMs)) continue;
        place.turn = 'none';
        place.wanted = false;
        return { type: 'release', replica, slot };
      }
    }
    return undefined;
  }

  /** When the first turn that is held for nothing will have been held for long enough: later than `now`, or Infinity. */
  restAt(now: number): number {
    let first = Number.POSITIVE_INFINITY;
    if (!this.#options.shared) return first;
    for (const { slots } of this.#records) {
      for (const { turn, ticket, usedAt } of slots) {
        const at = usedAt + this.#options.idleMs;
        if (turn === 'held' && !ticket && at > now && at < first) first = at;
      }
    }
    return first;
  }
}

/** Whether a turn may be asked for: again only after a pause, where it could not be had. */
function mayAsk({ turn, denied }: Slot, now: number): boolean {
  return turn === 'none' && (denied?.askAt ?? now) <= now;
}
