// Who has to go when a listener is at its bounds and somebody else comes. No bound keeps newcomers out: connections that nobody
// would miss, or that have moved the least, make room for them. A connection whose request came whole is never closed for that.
//
//   silent    has sent nothing yet                          the one that came first
//   message   is inside a message                           the one with the lowest rate
//   reply     has not taken its reply yet                   the one that has had the longest time
//   idle      has its reply, and nothing is due             the one that has been idle for longest
//
// The one that goes is of the kind that has the most places, weighed: whoever fills them all with one kind of misconduct
// competes with his own connections, and not with callers who do something else. Within a kind it is one of the peer with the most.
import { platform, soon } from '../exchange/platform.ts';
import type { HeldBytes } from './held-bytes.ts';
import { descriptorsRoomError, overloadedError } from './limit-errors.ts';

/** What a connection is about. `working`: a request of it came whole, and has not been answered. */
export type Standing = 'silent' | 'message' | 'reply' | 'idle' | 'working';

/** A connection, as far as its place and its memory are concerned. */
export interface Occupant {
  /** Whose it is: connections of one address share what there is. */
  readonly host: string;
  readonly standing: Standing;
  /** When that began, or, inside a message, when its rate was last measured: milliseconds of `performance.now()`. */
  readonly since: number;
  /** Bytes that came since then. */
  readonly movedBytes: number;
  /** Bytes in memory for it that would be free without it. */
  readonly heldBytes: number;
  /** It has a place: what it asks for is answered. */
  admit(): void;
  /** Ends it, at once: its memory is free when this returns. */
  evict(error: unknown): void;
}

/** How much a place counts: a good caller is silent for no more than a moment, and one who is idle has been served. */
const WEIGHTS: Readonly<Record<Standing, number>> = { silent: 4, message: 2, reply: 2, idle: 1, working: 0 };
/**
 * Whoever has just begun counts as this fast, until he has been measured for some milliseconds: bytes and milliseconds that are
 * added to what he moved.
 */
const CREDIT_BYTES = 65_536;
const CREDIT_MS = 6;
/** How many more connections than there are places may be open for a moment, until it has been seen what they bring. */
const BURST = 512;
/** … where the system has few descriptors left. */
const NARROW_BURST = 4;

/** A connection, and the round of the event loop in which it came. */
interface Entry {
  readonly round: number;
  admitted: boolean;
}

export class Room {
  readonly #maxConnections: number;
  #max: number;
  #burst = BURST;
  readonly #held: HeldBytes;
  readonly #occupants = new Map<Occupant, Entry>();
  #round = 0;
  #looking = false;

  constructor(maxConnections: number, held: HeldBytes) {
    this.#maxConnections = maxConnections;
    this.#max = maxConnections;
    this.#held = held;
  }

  /** Connections that are open, also those without a place. */
  get size(): number {
    return this.#occupants.size;
  }

  /** There are only so many places from now on, because the system has no descriptors for more. */
  narrow(places: number): void {
    this.#max = Math.min(this.#maxConnections, places);
    this.#burst = NARROW_BURST;
    this.#makePlaces(Number.POSITIVE_INFINITY);
  }

  /** There are as many as at the beginning. */
  widen(): void {
    this.#max = this.#maxConnections;
    this.#burst = BURST;
  }

  /**
   * A connection has come. Where there is a place it is admitted at once. Otherwise its first bytes are looked at before
   * somebody has to go: whoever sends what he came for is not to be mistaken for one who is silent.
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
   * Frees memory until what is held is within the bound, as far as others than `bringer` can give some: whoever has had the most
   * of it for the longest time goes first.
   */
  makeBytes(bringer: Occupant): void {
    const now = platform.performance.now();
    const rent = ({ heldBytes, since }: Occupant): number => heldBytes * (now - since + CREDIT_MS);
    while (!this.#held.within) {
      let victim = bringer;
      let most = rent(bringer);
      for (const each of this.#occupants.keys()) {
        if (each === bringer || each.heldBytes === 0 || each.standing === 'working') continue;
        const bytes = rent(each);
        if (bytes < most) continue;
        victim = each;
        most = bytes;
      }
      if (victim === bringer) return;
      this.#evict(victim, overloadedError('maxHeldBytes', this.#held.max));
    }
  }

  /** Looks again once the event loop has come round: by then it has read what there was to read. */
  #look(): void {
    if (this.#looking) return;
    this.#looking = true;
    soon(() => {
      this.#looking = false;
      this.#makePlaces(this.#round++);
      // Those that came in this round have not been read yet.
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

  /** Closes as many as are too many, of those that came before `round`; of whole requests only such as were not admitted. */
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

  /** Those that came before `round` and may go, by what they are about and whose they are, the next to go last. */
  #byKind(round: number): Map<Standing, Map<string, Occupant[]>> {
    const now = platform.performance.now();
    const kinds = new Map<Standing, Map<string, Occupant[]>>();
    for (const [occupant, entry] of this.#occupants) {
      const { standing, host } = occupant;
      if (standing === 'working' || entry.round >= round) continue;
      const hosts = kinds.get(standing) ?? new Map<string, Occupant[]>();
      kinds.set(standing, hosts);
      const those = hosts.get(host) ?? [];
      hosts.set(host, those);
      those.push(occupant);
    }
    for (const [standing, hosts] of kinds) {
      const order =
        standing === 'message'
          ? (each: Occupant): number => (each.movedBytes + CREDIT_BYTES) / (now - each.since + CREDIT_MS)
          : (each: Occupant): number => each.since;
      for (const those of hosts.values()) sortBy(those, order);
    }
    return kinds;
  }
}

/** Takes the next to go out of the kind that has the most, and of the peer with the most of it. */
function nextOf(kinds: ReadonlyMap<Standing, Map<string, Occupant[]>>): Occupant | undefined {
  let most: Occupant[] | undefined;
  let mostOfKind = 0;
  for (const [standing, hosts] of kinds) {
    let ofKind = 0;
    let fattest: Occupant[] | undefined;
    for (const those of hosts.values()) {
      ofKind += WEIGHTS[standing] * those.length;
      if (those.length > (fattest?.length ?? 0)) fattest = those;
    }
    if (ofKind <= mostOfKind) continue;
    mostOfKind = ofKind;
    most = fattest;
  }
  return most?.pop();
}

/** The lowest last. */
function sortBy(occupants: Occupant[], order: (occupant: Occupant) => number): void {
  const orders = new Map(occupants.map((each) => [each, order(each)]));
  occupants.sort((a, b) => (orders.get(b) ?? 0) - (orders.get(a) ?? 0));
}
