// Puts what a pickle brings into Maps and Sets, so that no choice of keys makes that slower than others: where the engine would
// compare a key with many before it, the entries are held apart.
import { PyFloat } from '../values/numeric-values.ts';
import { Crowd } from './collision-counter.ts';
import { engineHash, LONG_TEXT } from './engine-hash.ts';
import { LongTexts } from './long-text-numbers.ts';
import { type Entries, holdApart } from './seeded-entries.ts';

/** A str that was read, which knows its number among long texts once it was asked for it. */
export interface LongText {
  readonly text: string;
  number?: number | undefined;
}

type Container = Map<unknown, unknown> | Set<unknown>;

/** As many keys are compared with each other in no time. */
const SMALL = 8;

export class Keyed {
  readonly #texts = new LongTexts();
  readonly #apart = new Map<Container, Entries>();
  readonly #crowds = new Map<Container, Crowd>();
  /** The first long key of each length. */
  readonly #longs = new Map<Container, Map<number, string | LongText>>();
  readonly #charge: (units: number) => void;

  /** @param charge accounts for work that the bytes read do not pay for */
  constructor(charge: (units: number) => void) {
    this.#charge = charge;
  }

  /** @param cell the str that the key is */
  set(map: Map<unknown, unknown>, given: unknown, value: unknown, cell?: LongText): void {
    // Nearly all keys: the engine seeds the hashes of such texts.
    if (typeof given === 'string' && given.length <= LONG_TEXT && this.#apart.size === 0) {
      map.set(given, value);
      return;
    }
    const key = keyIn(map, given);
    const entries = this.#admit(map, key, cell);
    if (entries) entries.put(key, value, this.#textOf(key, cell));
    else map.set(key, value);
  }

  /** @param cell the str that the item is */
  add(set: Set<unknown>, given: unknown, cell?: LongText): void {
    const item = keyIn(set, given);
    const entries = this.#admit(set, item, cell);
    if (entries) entries.put(item, item, this.#textOf(item, cell));
    else set.add(item);
  }

  /** The entries of a container that are held apart, once they are. */
  #admit(container: Container, key: unknown, cell: LongText | undefined): Entries | undefined {
    const apart = this.#apart.size > 0 ? this.#apart.get(container) : undefined;
    if (apart) return apart;
    const isCrowded =
      typeof key === 'string'
        ? key.length > LONG_TEXT && this.#isSecond(container, key, cell)
        : container.size >= SMALL && this.#isCrowded(container, key);
    if (!isCrowded) return undefined;
    const entries = holdApart(container, this.#texts);
    this.#apart.set(container, entries);
    this.#crowds.delete(container);
    return entries;
  }

  #isCrowded(container: Container, key: unknown): boolean {
    const hash = engineHash(key);
    if (hash === undefined) return false;
    let crowd = this.#crowds.get(container);
    if (!crowd) {
      crowd = new Crowd();
      this.#crowds.set(container, crowd);
      for (const known of container.keys()) {
        const hash = typeof known === 'string' ? undefined : engineHash(known);
        if (hash !== undefined) crowd.add(hash);
      }
    }
    return crowd.add(hash);
  }

  /** Long texts of one length are compared character by character, so there is one of them. */
  #isSecond(container: Container, key: string, cell: LongText | undefined): boolean {
    const longs = this.#longs.get(container) ?? new Map<number, string | LongText>();
    this.#longs.set(container, longs);
    const first = longs.get(key.length);
    if (first === undefined) longs.set(key.length, cell ?? key);
    return first !== undefined && (cell === undefined || first !== cell);
  }

  #textOf(key: unknown, cell: LongText | undefined): string | undefined {
    if (typeof key !== 'string' || key.length <= LONG_TEXT) return undefined;
    if (!cell) {
      this.#charge(key.length);
      return undefined;
    }
    cell.number ??= this.#texts.number(key);
    return `long ${cell.number}`;
  }
}

/**
 * The key to hold `key` under: a Map takes -0 for 0 and all NaNs for one, and Python does not. Such keys are held as a PyFloat,
 * which is a key of its own.
 */
function keyIn(keyed: Container, key: unknown): unknown {
  const unlike = Object.is(key, -0) || (Number.isNaN(key) && keyed.has(key));
  return unlike ? new PyFloat(key as number) : key;
}
