// Stores the entries of a Map or Set whose keys collide in V8's table, under strings that V8 hashes with a seed. The methods of the Map or
// Set are replaced by methods that use these entries, so that its users see no change. Only structuredClone, which does not use methods,
// refuses it.
import { MAX_SEEDED_LENGTH } from './engine-hash.ts';
import type { LongTextNumbers } from './long-text-numbers.ts';

/** A Map or Set of a pickle. */
export type Container = Map<unknown, unknown> | Set<unknown>;

interface Entry {
  readonly key: unknown;
  value: unknown;
  /** The position in the order of insertion. */
  readonly position: number;
}

const bits = new Float64Array(1);
const units = new Uint16Array(bits.buffer);

/** Returns a string in place of a key, by which V8 hashes it with a seed; undefined for keys whose hashes V8 seeds already. */
export function textOfKey(key: unknown, texts: LongTextNumbers): string | undefined {
  if (typeof key === 'number') {
    // Maps treat -0 as 0.
    bits[0] = key === 0 ? 0 : key;
    return String.fromCharCode(units[0] as number, units[1] as number, units[2] as number, units[3] as number);
  }
  if (typeof key === 'bigint') return `bigint ${key.toString(32)}`;
  return typeof key === 'string' && key.length > MAX_SEEDED_LENGTH ? texts.shorten(key) : undefined;
}

/** Entries in the order of insertion. */
export class SeededEntries {
  readonly #texts: LongTextNumbers;
  readonly #byText = new Map<string, Entry>();
  readonly #byKey = new Map<unknown, Entry>();
  /** The entries in the order of insertion; undefined for a deleted one. */
  #order: (Entry | undefined)[] = [];

  constructor(texts: LongTextNumbers) {
    this.#texts = texts;
  }

  get size(): number {
    return this.#byText.size + this.#byKey.size;
  }

  find(key: unknown): Entry | undefined {
    const text = textOfKey(key, this.#texts);
    return text === undefined ? this.#byKey.get(key) : this.#byText.get(text);
  }

  /** Sets the value of a key. @param text the string of `textOfKey` for the key, if it is known */
  put(key: unknown, value: unknown, text: string | undefined = textOfKey(key, this.#texts)): void {
    const known = text === undefined ? this.#byKey.get(key) : this.#byText.get(text);
    if (known) {
      known.value = value;
      return;
    }
    const entry: Entry = { key: Object.is(key, -0) ? 0 : key, value, position: this.#order.length };
    if (text === undefined) this.#byKey.set(key, entry);
    else this.#byText.set(text, entry);
    this.#order.push(entry);
  }

  delete(key: unknown): boolean {
    const text = textOfKey(key, this.#texts);
    const entry = this.find(key);
    if (!entry) return false;
    if (text === undefined) this.#byKey.delete(key);
    else this.#byText.delete(text);
    this.#order[entry.position] = undefined;
    return true;
  }

  clear(): void {
    this.#byText.clear();
    this.#byKey.clear();
    this.#order = [];
  }

  *map<T>(convert: (entry: Entry) => T): Generator<T, undefined> {
    for (let i = 0; i < this.#order.length; i++) {
      const entry = this.#order[i];
      if (entry) yield convert(entry);
    }
  }
}

/** Moves the entries of a Map or Set to SeededEntries, and replaces its methods. */
export function moveToSeededEntries(container: Container, texts: LongTextNumbers): SeededEntries {
  const entries = new SeededEntries(texts);
  const isMap = container instanceof Map;
  if (isMap) for (const [key, value] of container) entries.put(key, value);
  else for (const item of container) entries.put(item, item);
  const pairs = () => entries.map(({ key, value }): [unknown, unknown] => [key, value]);
  const keys = () => entries.map(({ key }) => key);
  const values = () => entries.map(({ value }) => value);
  // Code that bypasses these methods (structuredClone, Map.prototype.get.call) would see an empty container. So it holds a symbol, for
  // which structuredClone throws.
  container.clear();
  const marker = Symbol('the entries, whose keys the engine hashes alike: use the methods');
  if (isMap) container.set(marker, marker);
  else container.add(marker);
  const methods: Record<string | symbol, unknown> = {
    has: (key: unknown) => entries.find(key) !== undefined,
    delete: (key: unknown) => entries.delete(key),
    clear: () => entries.clear(),
    entries: pairs,
    keys,
    values,
    forEach(visit: (value: unknown, key: unknown, container: Container) => void, self?: unknown) {
      for (const [key, value] of pairs()) visit.call(self, value, key, container);
    },
    [Symbol.iterator]: isMap ? pairs : keys,
    ...(isMap
      ? {
          get: (key: unknown) => entries.find(key)?.value,
          set(key: unknown, value: unknown) {
            entries.put(key, value);
            return container;
          },
        }
      : {
          add(item: unknown) {
            entries.put(item, item);
            return container;
          },
          ...setMethods(keys),
        }),
  };
  for (const key of Reflect.ownKeys(methods)) Object.defineProperty(container, key, { value: methods[key] });
  Object.defineProperty(container, 'size', { get: () => entries.size });
  return entries;
}

const SET_METHODS = 'union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom'.split(
  ' ',
);

/** Returns those of the newer methods of sets that the runtime has. Each works on a plain Set of the same items. */
function setMethods(items: () => Iterable<unknown>): Record<string, unknown> {
  const native = Set.prototype as unknown as Record<string, ((other: unknown) => unknown) | undefined>;
  return Object.fromEntries(
    SET_METHODS.flatMap((name) => {
      const method = native[name];
      return method ? [[name, (other: unknown) => method.call(new Set(items()), other)]] : [];
    }),
  );
}
