// The record of one replica before the law: its slots, its health, and when it may be given something.
import { backoffMs } from './backoff.ts';
import type { Ticket } from './call-queue.ts';
import type { Health, LawOptions, TurnHolder } from './events.ts';

/** A place for one message under way. Nothing is sent without the machine's turn at it. */
export interface Slot {
  turn: 'none' | 'asked' | 'held';
  /** When the turn was got. */
  heldAt: number;
  /** When it was last of use. */
  usedAt: number;
  /** Whether another process, or another model object of this one, waits for it. */
  wanted: boolean;
  /** Who has it while it is waited for, as far as that was told. */
  holder: TurnHolder | undefined;
  /** Set from when it could not be had until it is: how often in a row, and when to ask for it again. */
  denied: { readonly tries: number; readonly askAt: number; readonly error: unknown } | undefined;
  ticket: Ticket | undefined;
}

/** How long a turn is kept while others wait for it and there is work: long enough to pay for the hand-over. */
export const HOLD_MS = 10;

export class ReplicaRecord {
  readonly slots: readonly Slot[];
  /** Set while it cannot be reached. */
  down: { readonly since: number; tries: number; trialAt: number; error: unknown } | undefined;
  /** Whether no sign came when one was due: of the model that has a message, or of whoever has its turn. */
  silent = false;
  /** What was last told of its health. */
  reported: Health = 'up';
  /** Set while its supervisor keeps it out of use; `told`: that nothing of ours is under way there any more. */
  out: { readonly forGood: boolean; readonly error: unknown; told: boolean } | undefined;
  /** When it last gave a sign, or last had nothing to do. */
  signAt = 0;
  /** When it was last given something. */
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

  /** Whether it has a message, and gives no sign. */
  get wedged(): boolean {
    return this.silent && this.busy > 0;
  }

  /** Whether somebody else has had its turn for too long. Nothing is known of the model then. */
  get taken(): boolean {
    return this.silent && this.busy === 0;
  }

  get busy(): number {
    let busy = 0;
    for (const { ticket } of this.slots) if (ticket) busy++;
    return busy;
  }

  /** Whether it has a message, or somebody else has its turn: in either case a sign is due. */
  get atWork(): boolean {
    return this.slots.some(({ turn, ticket }) => ticket !== undefined || turn === 'asked');
  }

  /** RejectReason none of its slots can be had, where that is so: not before it is asked for one again. */
  get denied(): { readonly error: unknown } | undefined {
    let last: Slot['denied'];
    for (const { turn, denied } of this.slots) {
      if (turn !== 'none' || !denied) return undefined;
      last = denied;
    }
    return last;
  }

  /** It gave a sign. */
  sign(now: number): void {
    this.signAt = now;
    this.silent = false;
  }

  /** When it may be given something: now, later, or not before it gives a sign. */
  openAt(): number {
    if (this.silent || this.out) return Number.POSITIVE_INFINITY;
    // One at a time until it is known whether it is back.
    if (this.down) return this.busy > 0 ? Number.POSITIVE_INFINITY : this.down.trialAt;
    if (this.#lostInRow > 0 && this.busy > 0) return Number.POSITIVE_INFINITY;
    return this.#restUntil;
  }

  /** A slot that can be used at once. */
  freeSlot(now: number): number {
    return this.slots.findIndex((slot) => slot.turn === 'held' && !slot.ticket && !isOwed(slot, now));
  }

  /** It cannot be reached. */
  unreachable(now: number, error: unknown): void {
    this.down ??= { since: now, tries: 0, trialAt: 0, error };
    this.down.tries++;
    this.down.error = error;
    this.down.trialAt = now + backoffMs(this.down.tries, this.#options.random());
  }

  /** It was there, and a connection to it was lost. It may be on its way down: it is given a moment. */
  lost(now: number): void {
    this.down = undefined;
    this.#lostInRow++;
    this.#restUntil = now + backoffMs(this.#lostInRow, this.#options.random());
  }

  /** It is kept out of use. */
  hold(forGood: boolean, error: unknown): void {
    this.pardon();
    this.out = { forGood, error, told: false };
  }

  /** It was started anew. */
  admit(now: number): void {
    this.out = undefined;
    this.sign(now);
    this.answered();
  }

  /** What could not be had is asked for by whoever needs it next. */
  pardon(): void {
    for (const slot of this.slots) slot.denied = undefined;
  }

  /** Whether its place may be another's: it was not wanted any more, and nothing is left of it. */
  get isVacant(): boolean {
    if (!this.out?.forGood || this.out.error !== undefined || this.busy > 0) return false;
    return !this.#options.shared || this.slots.every(({ turn }) => turn === 'none');
  }

  /** It answered. */
  answered(): void {
    this.down = undefined;
    this.#lostInRow = 0;
    this.#restUntil = 0;
  }
}

/** Whether the turn at a slot was held for long enough while others wait. */
export function isOwed(slot: Slot, now: number): boolean {
  return slot.wanted && now - slot.heldAt >= HOLD_MS;
}

/** Among the replicas that may be given something and can take it: the least busy, then the longest unused. */
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
