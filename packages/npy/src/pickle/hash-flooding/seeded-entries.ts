// A Map or Set whose keys the engine's own table would compare one by one: its entries are held here, under texts that the engine
// hashes with a seed, and the object's own methods answer out of that. For whoever uses it, it is the Map or Set that it was;
// structuredClone, which looks past methods, refuses it.
import { LONG_TEXT } from './engine-hash.ts';
import type { LongTexts } from './long-text-numbers.ts';

type Keyed = Map<unknown, unknown> | Set<unknown>;

interface Entry {
  readonly key: unknown;
  value: unknown;
  /** Where it stands in the order. */
  readonly at: number;
}

const bits = new Float64Array(1);
const units = new Uint16Array(bits.buffer);

/** The text that stands for a key; undefined for one that the engine's table holds well. */
export function textOfKey(key: unknown, texts: LongTexts): string | undefined {
  if (typeof key === 'number') {
    // -0 is the key 0.
    bits[0] = key === 0 ? 0 : key;
    return String.fromCharCode(units[0] as number, units[1] as number, units[2] as number, units[3] as number);
  }
  if (typeof key === 'bigint') return `bigint ${key.toString(32)}`;
  return typeof key === 'string' && key.length > LONG_TEXT ? texts.short(key) : undefined;
}

export class Entries {
  readonly #texts: LongTexts;
  readonly #byText = new Map<string, Entry>();
  readonly #byKey = new Map<unknown, Entry>();
  /** In the order in which they came; undefined where one was deleted. */
  #order: (Entry | undefined)[] = [];

  constructor(texts: LongTexts) {
    this.#texts = texts;
  }

  get size(): number {
    return this.#byText.size + this.#byKey.size;
  }

  find(key: unknown): Entry | undefined {
    const text = textOfKey(key, this.#texts);
    return text === undefined ? this.#byKey.get(key) : this.#byText.get(text);
  }

  /** @param text that stands for the key, where it is known */
  put(key: unknown, value: unknown, text: string | undefined = textOfKey(key, this.#texts)): void {
    const known = text === undefined ? this.#byKey.get(key) : this.#byText.get(text);
    if (known) {
      known.value = value;
      return;
    }
    const entry: Entry = { key: Object.is(key, -0) ? 0 : key, value, at: this.#order.length };
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
    this.#order[entry.at] = undefined;
    return true;
  }

  clear(): void {
    this.#byText.clear();
    this.#byKey.clear();
    this.#order = [];
  }

  *list<T>(of: (entry: Entry) => T): Generator<T, undefined> {
    for (let i = 0; i < this.#order.length; i++) {
      const entry = this.#order[i];
      if (entry) yield of(entry);
    }
  }
}

/** Takes over what `keyed` holds, and answers for it from now on. */
export function holdApart(keyed: Keyed, texts: LongTexts): Entries {
  const entries = new Entries(texts);
  const isMap = keyed instanceof Map;
  if (isMap) for (const [key, value] of keyed) entries.put(key, value);
  else for (const item of keyed) entries.put(item, item);
  const pairs = () => entries.list(({ key, value }): [unknown, unknown] => [key, value]);
  const keys = () => entries.list(({ key }) => key);
  const values = () => entries.list(({ value }) => value);
  // A symbol is no value that can be cloned: what looks past the methods is not to take the entries for none.
  keyed.clear();
  const others = Symbol('the entries, whose keys the engine hashes alike: use the methods');
  if (isMap) keyed.set(others, others);
  else keyed.add(others);
  const methods: Record<string | symbol, unknown> = {
    has: (key: unknown) => entries.find(key) !== undefined,
    delete: (key: unknown) => entries.delete(key),
    clear: () => entries.clear(),
    entries: pairs,
    keys,
    values,
    forEach(visit: (value: unknown, key: unknown, of: Keyed) => void, self?: unknown) {
      for (const [key, value] of pairs()) visit.call(self, value, key, keyed);
    },
    [Symbol.iterator]: isMap ? pairs : keys,
    ...(isMap
      ? {
          get: (key: unknown) => entries.find(key)?.value,
          set(key: unknown, value: unknown) {
            entries.put(key, value);
            return keyed;
          },
        }
      : {
          add(item: unknown) {
            entries.put(item, item);
            return keyed;
          },
          ...setMethods(keys),
        }),
  };
  for (const key of Reflect.ownKeys(methods)) Object.defineProperty(keyed, key, { value: methods[key] });
  Object.defineProperty(keyed, 'size', { get: () => entries.size });
  return entries;
}

const OF_SETS = 'union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom'.split(' ');

/** The methods of sets that the runtime has, of a plain set of the same items. */
function setMethods(items: () => Iterable<unknown>): Record<string, unknown> {
  const native = Set.prototype as unknown as Record<string, ((other: unknown) => unknown) | undefined>;
  return Object.fromEntries(
    OF_SETS.flatMap((name) => {
      const method = native[name];
      return method ? [[name, (other: unknown) => method.call(new Set(items()), other)]] : [];
    }),
  );
}
