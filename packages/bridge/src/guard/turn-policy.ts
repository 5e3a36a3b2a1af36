// The part of the state machine that decides which turns to ask for, and which to release. A turn is the right to use a slot of a replica:
// of the user's processes on this machine, one at a time has it. If `shared` is false, there are no turns, and every slot may be used.
import { backoffMs } from './backoff.ts';
import type { GuardEffect, GuardEvent, GuardStateOptions } from './events.ts';
import { isOwed, leastBusy, type ReplicaRecord, type Slot } from './replica-record.ts';

/** An event of a turn. */
type TurnEvent = Extract<GuardEvent, { readonly type: 'granted' | 'wanted' | 'moved' | 'denied' }>;

export class TurnPolicy {
  readonly #records: readonly ReplicaRecord[];
  readonly #options: GuardStateOptions;

  constructor(records: readonly ReplicaRecord[], options: GuardStateOptions) {
    this.#records = records;
    this.#options = options;
  }

  /** The number of turns that were asked for and not granted yet. A call waits for each of them. */
  get asked(): number {
    let asked = 0;
    for (const { slots } of this.#records) for (const { turn } of slots) if (turn === 'asked') asked++;
    return asked;
  }

  /** Records an event of a turn. */
  take(event: TurnEvent, now: number): void {
    const { type, replica, slot } = event;
    const record = this.#records[replica];
    const place = record?.slots[slot];
    if (!record || !place) return;
    if (record.busy === 0) record.noteActivity(now);
    if (type === 'granted')
      Object.assign(place, { turn: 'held', heldAt: now, usedAt: now, denied: undefined, holder: undefined });
    else if (type === 'wanted') place.wanted = true;
    else if (type === 'moved') place.holder = event.holder;
    else Object.assign(place, { turn: 'none', denied: this.#denial(place, event.error, now) });
  }

  /** Yields an `ask` for each turn that is needed for this number of waiting calls. */
  *ask(waiting: number, now: number): Generator<GuardEffect, undefined> {
    if (!this.#options.shared) return;
    let unserved = waiting;
    // A turn at a silent replica will hardly be granted, so another one is asked for in its place.
    for (const { silent, slots } of this.#records) {
      if (!silent) for (const { turn } of slots) if (turn === 'asked') unserved--;
    }
    while (unserved-- > 0) {
      const replica = leastBusy(this.#records, now, ({ slots }) => slots.some((slot) => mayAsk(slot, now)));
      const record = replica === undefined ? undefined : this.#records[replica];
      if (replica === undefined || !record) break;
      const slot = record.slots.findIndex((each) => mayAsk(each, now));
      if (!record.atWork) record.noteActivity(now);
      Object.assign(record.slots[slot] ?? {}, { turn: 'asked', holder: undefined });
      yield { type: 'ask', replica, slot };
    }
  }

  /** Returns the time at which the first denied turn may be asked for again; Infinity if there is none. */
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

  /**
   * Releases a turn that other processes wait for or that no call needs, or withdraws the request for a turn that no call needs. Returns
   * the effect; undefined if there is no such turn.
   */
  release(waiting: { readonly size: number }, closing: boolean, now: number): GuardEffect | undefined {
    if (!this.#options.shared) return undefined;
    for (let replica = 0; replica < this.#records.length; replica++) {
      const record = this.#records[replica];
      if (!record) continue;
      for (let slot = 0; slot < record.slots.length; slot++) {
        const place = record.slots[slot];
        if (place?.turn === 'asked' && (waiting.size === 0 || record.out)) {
          place.turn = 'none';
          // The silence was that of the turn's holder, and not of the model.
          if (record.busy === 0) record.noteActivity(now);
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

  /** Returns the time, later than `now`, at which the first idle turn is to be released; Infinity if there is none. */
  releaseAt(now: number): number {
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

/** Returns true if a turn may be asked for now. A denied turn may be asked for again after a pause. */
function mayAsk({ turn, denied }: Slot, now: number): boolean {
  return turn === 'none' && (denied?.askAt ?? now) <= now;
}
