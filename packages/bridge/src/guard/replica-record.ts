// The law's record of one replica: its slots, its health, and when it may be given a message.
import { backoffMs } from './backoff.ts';
import type { Ticket } from './call-queue.ts';
import type { Health, LawOptions, OtherHolder } from './events.ts';

/** Room for one message under way. Nothing is sent without the turn at the slot. */
export interface Slot {
  turn: 'none' | 'asked' | 'held';
  /** The time at which the turn was granted. */
  heldAt: number;
  /** The time at which the slot was last used. */
  usedAt: number;
  /** True if another process, or another model object of this one, waits for the turn. */
  wanted: boolean;
  /** The holder of the turn while it is asked for, as far as that is known. */
  holder: OtherHolder | undefined;
  /** Set after the turn was denied: how often in a row, and when to ask for it again. */
  denied: { readonly tries: number; readonly askAt: number; readonly error: unknown } | undefined;
  ticket: Ticket | undefined;
}

/** Milliseconds for which a turn is kept while others wait for it and there is work: long enough to pay for the hand-over. */
export const HOLD_MS = 10;

export class ReplicaRecord {
  readonly slots: readonly Slot[];
  /** Set while the replica cannot be reached. */
  down: { readonly since: number; tries: number; trialAt: number; error: unknown } | undefined;
  /** True if no sign of life came in time: from the model that has a message, or from the process that has the replica's turn. */
  silent = false;
  /** The health that was last reported. */
  reported: Health = 'up';
  /** Set while the supervisor keeps the replica out of use. `reportedIdle`: the guard knows that no message is under way there. */
  out: { readonly forGood: boolean; readonly error: unknown; reportedIdle: boolean } | undefined;
  /** The time of the replica's last sign of life, or the last time at which it had nothing to do. */
  signAt = 0;
  /** The time at which the replica was last given a message. */
  begunAt = -1;
  #lostInRow = 0;
  #restUntil = 0;
  readonly #options: LawOptions;

  constructor(options: LawOptions) {
    this.#options = options;
    this.slots = Array.from({ length: options.inFlight }, () => ({
      turn: options.shared ? 'none' : 'held',
      heldAt: 0,
      usedAt: 0,
      wanted: false,
      holder: undefined,
      denied: undefined,
      ticket: undefined,
    }));
  }

  get health(): Health {
    if (this.out) return this.out.forGood ? 'gone' : 'held';
    if (this.silent) return this.wedged ? 'wedged' : 'taken';
    return this.down ? 'down' : 'up';
  }

  /** True if the replica has a message and gives no sign of life. */
  get wedged(): boolean {
    return this.silent && this.busy > 0;
  }

  /** True if another process has had the replica's turn for too long. Nothing is known of the model then. */
  get taken(): boolean {
    return this.silent && this.busy === 0;
  }

  get busy(): number {
    let busy = 0;
    for (const { ticket } of this.slots) if (ticket) busy++;
    return busy;
  }

  /** True if the replica has a message, or another process has its turn. In either case a sign of life is due. */
  get atWork(): boolean {
    return this.slots.some(({ turn, ticket }) => ticket !== undefined || turn === 'asked');
  }

  /** The error of a denial if the turns at all slots were denied, until one of them is asked for again. */
  get denied(): { readonly error: unknown } | undefined {
    let last: Slot['denied'];
    for (const { turn, denied } of this.slots) {
      if (turn !== 'none' || !denied) return undefined;
      last = denied;
    }
    return last;
  }

  /** Notes a sign of life. */
  sign(now: number): void {
    this.signAt = now;
    this.silent = false;
  }

  /** Returns the time from which the replica may be given a message; Infinity if it has to give a sign of life first. */
  openAt(): number {
    if (this.silent || this.out) return Number.POSITIVE_INFINITY;
    // A replica that was down gets one message at a time, until it has answered.
    if (this.down) return this.busy > 0 ? Number.POSITIVE_INFINITY : this.down.trialAt;
    if (this.#lostInRow > 0 && this.busy > 0) return Number.POSITIVE_INFINITY;
    return this.#restUntil;
  }

  /** Returns the number of a slot that can be used at once, or -1. */
  freeSlot(now: number): number {
    return this.slots.findIndex((slot) => slot.turn === 'held' && !slot.ticket && !isOwed(slot, now));
  }

  /** Notes that the replica cannot be reached. */
  unreachable(now: number, error: unknown): void {
    this.down ??= { since: now, tries: 0, trialAt: 0, error };
    this.down.tries++;
    this.down.error = error;
    this.down.trialAt = now + backoffMs(this.down.tries, this.#options.random());
  }

  /** Notes a lost connection. The replica was there and may be about to end, so it gets a pause. */
  lost(now: number): void {
    this.down = undefined;
    this.#lostInRow++;
    this.#restUntil = now + backoffMs(this.#lostInRow, this.#options.random());
  }

  /** Takes the replica out of use. */
  hold(forGood: boolean, error: unknown): void {
    this.forgetDenials();
    this.out = { forGood, error, reportedIdle: false };
  }

  /** Takes the replica into use after a start. */
  admit(now: number): void {
    this.out = undefined;
    this.sign(now);
    this.answered();
  }

  /** Forgets that turns were denied. The next call that needs one asks for it. */
  forgetDenials(): void {
    for (const slot of this.slots) slot.denied = undefined;
  }

  /** True if the replica's number may be given to another: it was removed, not given up, and nothing is under way there. */
  get isVacant(): boolean {
    if (!this.out?.forGood || this.out.error !== undefined || this.busy > 0) return false;
    return !this.#options.shared || this.slots.every(({ turn }) => turn === 'none');
  }

  /** Notes an answer. */
  answered(): void {
    this.down = undefined;
    this.#lostInRow = 0;
    this.#restUntil = 0;
  }
}

/** Returns true if the turn at a slot was held for long enough while others wait. */
export function isOwed(slot: Slot, now: number): boolean {
  return slot.wanted && now - slot.heldAt >= HOLD_MS;
}

/**
 * Returns the number of a replica that may be given a message and for which `can` is true: the least busy, then the longest unused.
 */
export function leastBusy(
  records: readonly ReplicaRecord[],
  now: number,
  can: (record: ReplicaRecord) => boolean,
): number | undefined {
  let best: number | undefined;
  for (const [replica, record] of records.entries()) {
    if (record.openAt() > now || !can(record)) continue;
    const other = best === undefined ? undefined : records[best];
    const lighter =
      !other || record.busy < other.busy || (record.busy === other.busy && record.begunAt < other.begunAt);
    if (lighter) best = replica;
  }
  return best;
}
