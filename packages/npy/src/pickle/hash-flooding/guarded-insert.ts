// Puts the keys of a pickle into Maps and Sets, so that no choice of keys makes this slow. If the keys of a container, which is a Map or a
// Set, collide too often in V8's table, its entries are moved to SeededEntries.
import { PyFloat } from '../values/numeric-values.ts';
import { CollisionCounter } from './collision-counter.ts';
import { engineHash, MAX_SEEDED_LENGTH } from './engine-hash.ts';
import { LongTextNumbers } from './long-text-numbers.ts';
import { type Container, moveToSeededEntries, type SeededEntries } from './seeded-entries.ts';

/** A str that was read. Its number in LongTextNumbers is set when it is first needed. */
export interface LongText {
  readonly text: string;
  number?: number | undefined;
}

/** The number of keys below which collisions do not matter. */
const SMALL = 8;

/** Inserts keys into the Maps and Sets of one pickle. */
export class GuardedInserter {
  readonly #texts = new LongTextNumbers();
  readonly #seeded = new Map<Container, SeededEntries>();
  readonly #counters = new Map<Container, CollisionCounter>();
  /** The first long text of each length in each container. */
  readonly #longTexts = new Map<Container, Map<number, string | LongText>>();
  readonly #charge: (units: number) => void;

  /** @param charge counts work that is not proportional to the bytes read */
  constructor(charge: (units: number) => void) {
    this.#charge = charge;
  }

  /** Sets a key of a Map. @param cell the str object, if the key is one */
  set(map: Map<unknown, unknown>, given: unknown, value: unknown, cell?: LongText): void {
    // Nearly all keys end here: V8 seeds the hashes of such strings.
    if (typeof given === 'string' && given.length <= MAX_SEEDED_LENGTH && this.#seeded.size === 0) {
      map.set(given, value);
      return;
    }
    const key = storedKey(map, given);
    const entries = this.#seededEntries(map, key, cell);
    if (entries) entries.put(key, value, this.#textOf(key, cell));
    else map.set(key, value);
  }

  /** Adds an item to a Set. @param cell the str object, if the item is one */
  add(set: Set<unknown>, given: unknown, cell?: LongText): void {
    const item = storedKey(set, given);
    const entries = this.#seededEntries(set, item, cell);
    if (entries) entries.put(item, item, this.#textOf(item, cell));
    else set.add(item);
  }

  /** Returns the seeded entries of a container, if it has them or needs them for this key. */
  #seededEntries(container: Container, key: unknown, cell: LongText | undefined): SeededEntries | undefined {
    const seeded = this.#seeded.size > 0 ? this.#seeded.get(container) : undefined;
    if (seeded) return seeded;
    const collides =
      typeof key === 'string'
        ? key.length > MAX_SEEDED_LENGTH && this.#isSecondOfLength(container, key, cell)
        : container.size >= SMALL && this.#collides(container, key);
    if (!collides) return undefined;
    const entries = moveToSeededEntries(container, this.#texts);
    this.#seeded.set(container, entries);
    this.#counters.delete(container);
    return entries;
  }

  #collides(container: Container, key: unknown): boolean {
    const hash = engineHash(key);
    if (hash === undefined) return false;
    let counter = this.#counters.get(container);
    if (!counter) {
      counter = new CollisionCounter();
      this.#counters.set(container, counter);
      for (const known of container.keys()) {
        const hash = typeof known === 'string' ? undefined : engineHash(known);
        if (hash !== undefined) counter.add(hash);
      }
    }
    return counter.add(hash);
  }

  /** Returns whether the container has another long text of that length: V8 would compare them character by character. */
  #isSecondOfLength(container: Container, key: string, cell: LongText | undefined): boolean {
    const texts = this.#longTexts.get(container) ?? new Map<number, string | LongText>();
    this.#longTexts.set(container, texts);
    const first = texts.get(key.length);
    if (first === undefined) texts.set(key.length, cell ?? key);
    return first !== undefined && (cell === undefined || first !== cell);
  }

  #textOf(key: unknown, cell: LongText | undefined): string | undefined {
    if (typeof key !== 'string' || key.length <= MAX_SEEDED_LENGTH) return undefined;
    if (!cell) {
      this.#charge(key.length);
      return undefined;
    }
    cell.number ??= this.#texts.number(key);
    return `long ${cell.number}`;
  }
}

/**
 * Returns the key under which a Map stores `key`. A Map treats -0 as 0 and all NaNs as one key, and Python does not: such keys become
 * PyFloats, each of which is a key of its own.
 */
function storedKey(container: Container, key: unknown): unknown {
  const needsObject = Object.is(key, -0) || (Number.isNaN(key) && container.has(key));
  return needsObject ? new PyFloat(key as number) : key;
}
