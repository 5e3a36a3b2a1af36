// The state machine's record of one replica: its slots, its health, and the time from which it may get a message. Activity of a replica is
// anything that shows that it is alive: a connection, bytes of a reply, the end of an exchange.
import { backoffMs } from './backoff.ts';
import type { Ticket } from './call-queue.ts';
import type { GuardStateOptions, Health, OtherHolder } from './events.ts';

/** The place of one message in progress. A message is sent only while the turn at its slot is held. */
export interface Slot {
  turn: 'none' | 'asked' | 'held';
  /** The time at which the turn was granted. */
  heldAt: number;
  /** The time at which a message was last put into the slot or left it, or the turn was granted. */
  usedAt: number;
  /** True if another process, or another model object of this one, waits for the turn. */
  wanted: boolean;
  /** The process that has the turn while this one waits for it, if that is known. */
  holder: OtherHolder | undefined;
  /** Set after the turn was denied: the number of times in a row, the time at which it may be asked for again, and the error. */
  denied: { readonly tries: number; readonly askAt: number; readonly error: unknown } | undefined;
  ticket: Ticket | undefined;
}

/** Milliseconds for which a turn is kept while calls need it and other processes wait for it: much longer than a hand-over takes. */
export const HOLD_MS = 10;

export class ReplicaRecord {
  readonly slots: readonly Slot[];
  /** Set while the replica cannot be reached: since when, the number of attempts, and the time from which a message may be sent. */
  down: { readonly since: number; tries: number; trialAt: number; error: unknown } | undefined;
  /** True if for `wedgedMs` there was no activity of the model that has a message, or the turn was kept by another process. */
  silent = false;
  /** The health that was last reported. */
  reported: Health = 'up';
  /** Set while the replica gets no messages, after `join`, `hold` or `quit`. `reportedIdle`: `idle` was reported. */
  out: { readonly forGood: boolean; readonly error: unknown; reportedIdle: boolean } | undefined;
  /** The time of the replica's last activity, or the last time at which it had nothing to do. */
  activeAt = 0;
  /** The time at which a message to the replica was last begun. */
  begunAt = -1;
  #lostInRow = 0;
  #restUntil = 0;
  readonly #options: GuardStateOptions;

  constructor(options: GuardStateOptions) {
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

  /** True if the replica has a message and is silent. */
  get wedged(): boolean {
    return this.silent && this.busy > 0;
  }

  /** True if another process has had the replica's turn for too long. Nothing is known of the model then. */
  get taken(): boolean {
    return this.silent && this.busy === 0;
  }

  /** The number of messages in progress. */
  get busy(): number {
    let busy = 0;
    for (const { ticket } of this.slots) if (ticket) busy++;
    return busy;
  }

  /** True if activity is due: the replica has a message, or another process has its turn. */
  get atWork(): boolean {
    return this.slots.some(({ turn, ticket }) => ticket !== undefined || turn === 'asked');
  }

  /** Set if the turns at all slots were denied, until one of them is asked for again: the error of the last slot. */
  get denied(): { readonly error: unknown } | undefined {
    let last: Slot['denied'];
    for (const { turn, denied } of this.slots) {
      if (turn !== 'none' || !denied) return undefined;
      last = denied;
    }
    return last;
  }

  /** Records activity of the replica, or that it has nothing to do. */
  noteActivity(now: number): void {
    this.activeAt = now;
    this.silent = false;
  }

  /** Returns the time from which the replica may get a message; Infinity if something else has to happen before. */
  openAt(): number {
    if (this.silent || this.out) return Number.POSITIVE_INFINITY;
    // A replica that is down gets one message at a time.
    if (this.down) return this.busy > 0 ? Number.POSITIVE_INFINITY : this.down.trialAt;
    if (this.#lostInRow > 0 && this.busy > 0) return Number.POSITIVE_INFINITY;
    return this.#restUntil;
  }

  /** Returns the number of a slot that a message can be put into now; -1 if there is none. */
  freeSlot(now: number): number {
    return this.slots.findIndex((slot) => slot.turn === 'held' && !slot.ticket && !isOwed(slot, now));
  }

  /** Records that the replica could not be reached. */
  unreachable(now: number, error: unknown): void {
    this.down ??= { since: now, tries: 0, trialAt: 0, error };
    this.down.tries++;
    this.down.error = error;
    this.down.trialAt = now + backoffMs(this.down.tries, this.#options.random());
  }

  /** Records a lost connection. The replica was reached and may be about to end, so it gets no message for a while. */
  lost(now: number): void {
    this.down = undefined;
    this.#lostInRow++;
    this.#restUntil = now + backoffMs(this.#lostInRow, this.#options.random());
  }

  /** Records that the replica gets no messages: before `admit`, or for good. */
  hold(forGood: boolean, error: unknown): void {
    this.forgetDenials();
    this.out = { forGood, error, reportedIdle: false };
  }

  /** Records that the replica was started and gets messages. */
  admit(now: number): void {
    this.out = undefined;
    this.noteActivity(now);
    this.answered();
  }

  /** Forgets that turns were denied. The next call that needs one asks for it. */
  forgetDenials(): void {
    for (const slot of this.slots) slot.denied = undefined;
  }

  /** True if another replica may get this one's number: it has quit without an error, and has no message and no turn. */
  get isVacant(): boolean {
    if (!this.out?.forGood || this.out.error !== undefined || this.busy > 0) return false;
    return !this.#options.shared || this.slots.every(({ turn }) => turn === 'none');
  }

  /** Records an answer. */
  answered(): void {
    this.down = undefined;
    this.#lostInRow = 0;
    this.#restUntil = 0;
  }
}

/** Returns true if other processes wait for the turn at a slot, and it was held for HOLD_MS. */
export function isOwed(slot: Slot, now: number): boolean {
  return slot.wanted && now - slot.heldAt >= HOLD_MS;
}

/**
 * Returns the number of the replica that is to get the next message, among those that may get one and for which `can` returns true: the
 * least busy, and of several the one whose last message was begun first. Returns undefined if there is none.
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
