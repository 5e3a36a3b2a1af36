// The room of a listener has a limited number of places for connections and a limit on their memory. Its occupants are the listener's open
// connections. At a limit it does not reject a new connection, but chooses another one to close. A connection whose request has arrived
// whole is never chosen, unless it has no place yet.
//
//   silent    has sent nothing yet                          the oldest is closed first
//   message   has sent a part of a message                  the one with the lowest rate
//   reply     has not read its reply yet                    the one that has had the longest time for it
//   idle      has its reply, and has sent nothing since     the one that has been idle for the longest time
//
// The connection is chosen from the state whose number of connections, multiplied by a weight, is the largest. So a caller that fills the
// room with one kind of misconduct competes with its own connections, and not with callers that do something else. Within a state, the
// connection is one of the caller that has the most.
import { platform, soon } from '../exchange/platform.ts';
import type { HeldBytes } from './held-bytes.ts';
import { descriptorsRoomError, overloadedError } from './limit-errors.ts';

/** The state of a connection. `working`: a whole request has arrived and was not answered yet. */
export type OccupantState = 'silent' | 'message' | 'reply' | 'idle' | 'working';

/** A connection, as the room sees it. */
export interface Occupant {
  /** The caller's host: of the connections in one state, those of the host that has the most are closed first. */
  readonly host: string;
  readonly state: OccupantState;
  /**
   * The time at which the state began, in milliseconds of `performance.now()`. Inside a message, the time from which its rate is measured.
   */
  readonly since: number;
  /** The bytes of the message that have arrived since `since`. */
  readonly movedBytes: number;
  /** The bytes of memory that are freed if the connection is closed. */
  readonly heldBytes: number;
  /** Called when the connection has got a place. From then on its requests are answered. */
  admit(): void;
  /** Closes the connection at once. Its memory is free when this returns. */
  evict(error: unknown): void;
}

/**
 * The weight of a connection by its state: a well-behaved caller is silent for no more than a moment, and an idle one has had its reply.
 */
const WEIGHTS: Readonly<Record<OccupantState, number>> = { silent: 4, message: 2, reply: 2, idle: 1, working: 0 };
/**
 * Bytes and milliseconds that are added before the rate of a message is computed, so that a message that has just begun counts as fast
 * until its rate has been measured for some milliseconds.
 */
const CREDIT_BYTES = 65_536;
const CREDIT_MS = 6;
/** The most connections without a place, which are open for a moment until their first bytes were read. */
const BURST = 512;
/** The most connections without a place while few file descriptors are left. */
const NARROW_BURST = 4;

/** The entry of a connection: the round of the event loop in which it entered, and whether it has a place. */
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

  /** The number of open connections, those without a place included. */
  get size(): number {
    return this.#occupants.size;
  }

  /** Reduces the number of places, because there are no file descriptors for more. */
  narrow(places: number): void {
    this.#max = Math.min(this.#maxConnections, places);
    this.#burst = NARROW_BURST;
    this.#freePlaces(Number.POSITIVE_INFINITY);
  }

  /** Restores the full number of places. */
  widen(): void {
    this.#max = this.#maxConnections;
    this.#burst = BURST;
  }

  /**
   * Adds a connection. If there is a free place, the connection is admitted at once. Otherwise its first bytes are read before a connection
   * is closed: a caller that has sent its request must not be mistaken for a silent one.
   */
  enter(occupant: Occupant): void {
    const admitted = this.#occupants.size < this.#max;
    this.#occupants.set(occupant, { round: this.#round, admitted });
    if (admitted) occupant.admit();
    else if (this.#occupants.size > this.#max + this.#burst) this.#freePlaces(Number.POSITIVE_INFINITY);
    else this.#look();
  }

  /** Removes a connection that was closed. */
  leave(occupant: Occupant): void {
    this.#occupants.delete(occupant);
  }

  /**
   * Closes connections until the held bytes are within the limit, or `receiver`, whose bytes have just arrived, would be the next. The
   * first to be closed is the connection with the most bytes for the longest time.
   */
  freeBytes(receiver: Occupant): void {
    const now = platform.performance.now();
    const cost = ({ heldBytes, since }: Occupant): number => heldBytes * (now - since + CREDIT_MS);
    while (!this.#held.within) {
      let victim = receiver;
      let most = cost(receiver);
      for (const each of this.#occupants.keys()) {
        if (each === receiver || each.heldBytes === 0 || each.state === 'working') continue;
        const own = cost(each);
        if (own < most) continue;
        victim = each;
        most = own;
      }
      if (victim === receiver) return;
      this.#evict(victim, overloadedError('maxHeldBytes', this.#held.max));
    }
  }

  /** Closes connections for new ones in the next round of the event loop, in which the new connections' first bytes have been read. */
  #look(): void {
    if (this.#looking) return;
    this.#looking = true;
    soon(() => {
      this.#looking = false;
      this.#freePlaces(this.#round++);
      // Connections that entered in this round have not been read yet.
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

  /**
   * Closes as many connections as are too many, of those that entered before `round`: last of all those with a whole request and no place.
   */
  #freePlaces(round: number): void {
    if (this.#occupants.size <= this.#max) return;
    const error =
      this.#max < this.#maxConnections
        ? descriptorsRoomError(this.#occupants.size)
        : overloadedError('maxConnections', this.#max);
    const victims = this.#byState(round);
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

  /**
   * Returns the connections that entered before `round` and may be closed, by state and host. The first to be closed is the last of a list.
   */
  #byState(round: number): Map<OccupantState, Map<string, Occupant[]>> {
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

/** Takes out the next connection to close: from the state with the most connections by weight, and of the host with the most of them. */
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

/** Sorts connections by a number, the lowest last. */
function sortBy(occupants: Occupant[], order: (occupant: Occupant) => number): void {
  const orders = new Map(occupants.map((each) => [each, order(each)]));
  occupants.sort((a, b) => (orders.get(b) ?? 0) - (orders.get(a) ?? 0));
}
