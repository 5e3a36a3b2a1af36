// Chooses the connection to close when a listener is at its limits and another one comes. No limit keeps newcomers out: connections that
// would be missed the least, or that have moved the least, make room for them. A connection whose request came whole is never closed
// for that.
//
//   silent    has sent nothing yet                          the first that came goes first
//   message   is inside a message                           the one with the lowest rate
//   reply     has not taken its reply yet                   the one that has had the longest time
//   idle      has its reply, and nothing is due             the one that has been idle for longest
//
// The connection is chosen from the state that has the most places, weighed: a caller that fills them all by one kind of misconduct
// competes with its own connections, and not with callers that do something else. Within a state it is one of the peer with the most.
import { platform, soon } from '../exchange/platform.ts';
import type { HeldBytes } from './held-bytes.ts';
import { descriptorsRoomError, overloadedError } from './limit-errors.ts';

/** The state of a connection. `working`: a request of it came whole, and has not been answered. */
export type OccupantState = 'silent' | 'message' | 'reply' | 'idle' | 'working';

/** A connection, as far as its place and its memory are concerned. */
export interface Occupant {
  /** The caller's address: connections of one address share the places. */
  readonly host: string;
  readonly state: OccupantState;
  /** The time at which the state began, or, inside a message, at which its rate was last measured: milliseconds of `performance.now()`. */
  readonly since: number;
  /** Bytes that came since `since`. */
  readonly movedBytes: number;
  /** Bytes in memory for it that would be free without it. */
  readonly heldBytes: number;
  /** Says that it has a place: its requests are answered. */
  admit(): void;
  /** Ends it at once. Its memory is free when this returns. */
  evict(error: unknown): void;
}

/** The weight of a place by the state: a good caller is silent for no more than a moment, and an idle one has been served. */
const WEIGHTS: Readonly<Record<OccupantState, number>> = { silent: 4, message: 2, reply: 2, idle: 1, working: 0 };
/**
 * Bytes and milliseconds that are added to what a connection moved: one that has just begun counts as this fast until it has been
 * measured for some milliseconds.
 */
const CREDIT_BYTES = 65_536;
const CREDIT_MS = 6;
/** Connections beyond the number of places that may be open for a moment, until their first bytes were looked at. */
const BURST = 512;
/** Connections beyond the number of places that may be open while the system has few descriptors left. */
const NARROW_BURST = 4;

/** A connection, and the round of the event loop in which it came. */
interface RoomEntry {
  readonly round: number;
  admitted: boolean;
}

export class Room {
  readonly #maxConnections: number;
  #max: number;
  #burst = BURST;
  readonly #held: HeldBytes;
  readonly #occupants = new Map<Occupant, RoomEntry>();
  #round = 0;
  #looking = false;

  constructor(maxConnections: number, held: HeldBytes) {
    this.#maxConnections = maxConnections;
    this.#max = maxConnections;
    this.#held = held;
  }

  /** Connections that are open, including those without a place. */
  get size(): number {
    return this.#occupants.size;
  }

  /** Says that there are only so many places from now on, because the system has no descriptors for more. */
  narrow(places: number): void {
    this.#max = Math.min(this.#maxConnections, places);
    this.#burst = NARROW_BURST;
    this.#makePlaces(Number.POSITIVE_INFINITY);
  }

  /** Says that there are as many places as at the beginning. */
  widen(): void {
    this.#max = this.#maxConnections;
    this.#burst = BURST;
  }

  /**
   * Takes a connection in. If there is a place, it is admitted at once. Otherwise its first bytes are looked at before a connection is
   * closed: a caller that has sent its request must not be mistaken for a silent one.
   */
  enter(occupant: Occupant): void {
    const admitted = this.#occupants.size < this.#max;
    this.#occupants.set(occupant, { round: this.#round, admitted });
    if (admitted) occupant.admit();
    else if (this.#occupants.size > this.#max + this.#burst) this.#makePlaces(Number.POSITIVE_INFINITY);
    else this.#look();
  }

  leave(occupant: Occupant): void {
    this.#occupants.delete(occupant);
  }

  /**
   * Frees memory until the held bytes are within the limit, as far as others than `bringer` have some: the connection that has held the
   * most for the longest time goes first.
   */
  makeBytes(bringer: Occupant): void {
    const now = platform.performance.now();
    const rent = ({ heldBytes, since }: Occupant): number => heldBytes * (now - since + CREDIT_MS);
    while (!this.#held.within) {
      let victim = bringer;
      let most = rent(bringer);
      for (const each of this.#occupants.keys()) {
        if (each === bringer || each.heldBytes === 0 || each.state === 'working') continue;
        const bytes = rent(each);
        if (bytes < most) continue;
        victim = each;
        most = bytes;
      }
      if (victim === bringer) return;
      this.#evict(victim, overloadedError('maxHeldBytes', this.#held.max));
    }
  }

  /** Looks again once the event loop has come round: by then the first bytes have been read. */
  #look(): void {
    if (this.#looking) return;
    this.#looking = true;
    soon(() => {
      this.#looking = false;
      this.#makePlaces(this.#round++);
      // Connections that came in this round have not been read yet.
      for (const [occupant, entry] of this.#occupants) {
        if (entry.admitted) continue;
        if (entry.round === this.#round - 1 || this.#occupants.size > this.#max) this.#look();
        else {
          entry.admitted = true;
          occupant.admit();
        }
      }
    });
  }

  /** Closes as many as are too many, of those that came before `round`. Those with a whole request go only if they were not admitted. */
  #makePlaces(round: number): void {
    if (this.#occupants.size <= this.#max) return;
    const error =
      this.#max < this.#maxConnections
        ? descriptorsRoomError(this.#occupants.size)
        : overloadedError('maxConnections', this.#max);
    const victims = this.#byKind(round);
    while (this.#occupants.size > this.#max) {
      const victim = nextOf(victims);
      if (!victim) break;
      this.#evict(victim, error);
    }
    if (this.#occupants.size <= this.#max) return;
    for (const [occupant, entry] of [...this.#occupants].reverse()) {
      if (entry.admitted || entry.round >= round) continue;
      this.#evict(occupant, error);
      if (this.#occupants.size <= this.#max) return;
    }
  }

  #evict(occupant: Occupant, error: unknown): void {
    this.#occupants.delete(occupant);
    occupant.evict(error);
  }

  /** Returns the connections that came before `round` and may go, by state and by caller, the next to go last. */
  #byKind(round: number): Map<OccupantState, Map<string, Occupant[]>> {
    const now = platform.performance.now();
    const kinds = new Map<OccupantState, Map<string, Occupant[]>>();
    for (const [occupant, entry] of this.#occupants) {
      const { state, host } = occupant;
      if (state === 'working' || entry.round >= round) continue;
      const hosts = kinds.get(state) ?? new Map<string, Occupant[]>();
      kinds.set(state, hosts);
      const those = hosts.get(host) ?? [];
      hosts.set(host, those);
      those.push(occupant);
    }
    for (const [state, hosts] of kinds) {
      const order =
        state === 'message'
          ? (each: Occupant): number => (each.movedBytes + CREDIT_BYTES) / (now - each.since + CREDIT_MS)
          : (each: Occupant): number => each.since;
      for (const those of hosts.values()) sortBy(those, order);
    }
    return kinds;
  }
}

/** Takes the next connection to go from the state that has the most, and of the caller with the most of it. */
function nextOf(kinds: ReadonlyMap<OccupantState, Map<string, Occupant[]>>): Occupant | undefined {
  let most: Occupant[] | undefined;
  let mostOfKind = 0;
  for (const [state, hosts] of kinds) {
    let ofKind = 0;
    let fattest: Occupant[] | undefined;
    for (const those of hosts.values()) {
      ofKind += WEIGHTS[state] * those.length;
      if (those.length > (fattest?.length ?? 0)) fattest = those;
    }
    if (ofKind <= mostOfKind) continue;
    mostOfKind = ofKind;
    most = fattest;
  }
  return most?.pop();
}

/** Sorts so that the lowest is last. */
function sortBy(occupants: Occupant[], order: (occupant: Occupant) => number): void {
  const orders = new Map(occupants.map((each) => [each, order(each)]));
  occupants.sort((a, b) => (orders.get(b) ?? 0) - (orders.get(a) ?? 0));
}
