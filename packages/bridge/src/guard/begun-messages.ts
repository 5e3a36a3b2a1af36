// The messages in progress, each at its replica and slot. A message is begun when its connection is about to be opened. From then on it is
// finished, even if its caller has aborted, and occupies its slot until its exchange is over.
import type { Ticket } from './call-queue.ts';
import type { ReplicaRecord } from './replica-record.ts';

interface BegunMessage {
  readonly ticket: Ticket;
  readonly replica: number;
  readonly slot: number;
}

/** An exchange that is over: its call, and the record of its replica. */
export interface EndedExchange {
  readonly ticket: Ticket;
  readonly record: ReplicaRecord;
  /** True if its connection was never established. */
  readonly connecting: boolean;
}

export class BegunMessages {
  readonly #records: readonly ReplicaRecord[];
  readonly #begun = new Map<number, BegunMessage>();

  constructor(records: readonly ReplicaRecord[]) {
    this.#records = records;
  }

  get size(): number {
    return this.#begun.size;
  }

  /** Returns the call with this number if its message is in progress. */
  ticketOf(id: number): Ticket | undefined {
    return this.#begun.get(id)?.ticket;
  }

  /** Puts a message into a free slot of a replica. Returns the slot's number; undefined if no slot is free. */
  begin(ticket: Ticket, replica: number, now: number): number | undefined {
    const record = this.#records[replica];
    const number = record?.freeSlot(now) ?? -1;
    const slot = record?.slots[number];
    if (!record || !slot) return undefined;
    if (record.busy === 0) record.noteActivity(now);
    slot.ticket = ticket;
    slot.usedAt = now;
    record.begunAt = now;
    ticket.phase = 'connecting';
    this.#begun.set(ticket.id, { ticket, replica, slot: number });
    return number;
  }

  /** Returns true if a step of this message changes only its phase and `activeAt`. Most events are such steps, and have to be cheap. */
  isPlainStep(id: number): boolean {
    const begun = this.#begun.get(id);
    return begun === undefined || this.#records[begun.replica]?.health === 'up';
  }

  /** Records that an exchange has reached a step. */
  step(id: number, step: 'connected' | 'sent' | 'reading', now: number): void {
    const begun = this.#begun.get(id);
    const record = begun && this.#records[begun.replica];
    if (!record) return;
    record.noteActivity(now);
    if (step === 'connected') record.down = undefined;
    const { ticket } = begun;
    if (step === 'reading') ticket.phase = 'reading';
    else if (ticket.phase !== 'reading') ticket.phase = step === 'sent' ? 'awaiting' : 'sending';
  }

  /** Frees the slot of an exchange that is over. Returns undefined if this message is not in progress. */
  end(id: number, now: number): EndedExchange | undefined {
    const begun = this.#begun.get(id);
    const record = begun && this.#records[begun.replica];
    const slot = begun && record?.slots[begun.slot];
    if (!record || !slot) return undefined;
    this.#begun.delete(id);
    slot.ticket = undefined;
    slot.usedAt = now;
    record.noteActivity(now);
    const connecting = begun.ticket.phase === 'connecting';
    begun.ticket.phase = 'waiting';
    return { ticket: begun.ticket, record, connecting };
  }
}
