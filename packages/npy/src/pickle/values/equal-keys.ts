// Which keys Python takes for one though JavaScript does not: 1, 1n, 1.0, True and 1+0j are one key of a dict, and so are two
// tuples of the same items. A Map that holds both would lose one of its values in Python.
import { latin1 } from '../../text/latin1.ts';
import { LONG_TEXT } from '../hash-flooding/engine-hash.ts';
import { LongTexts } from '../hash-flooding/long-text-numbers.ts';
import { textOfKey } from '../hash-flooding/seeded-entries.ts';
import type { Identities } from '../identities.ts';
import { NumpyScalar } from '../numpy/numpy-array.ts';
import { NumpyDType } from '../numpy/numpy-dtype.ts';
import { PyFrozenSet } from './builtins.ts';
import { asInt, floatOf, PyDecimal, PyFraction, parseInteger } from './numeric-values.ts';

/**
 * What keys are equal by. Numbers are compared by value, tuples and frozensets by their items, other values by their fields:
 * equal ones of different fields (a Decimal of 1.0 and of 1.00, a datetime in two zones) are not found.
 */
export class EqualKeys {
  readonly #longTexts = new LongTexts();
  /** By text, short, or by object. */
  readonly #numbers = new Map<unknown, number>();
  /** By text alone, as it stands: that of one text is found without looking at its characters once more. */
  readonly #texts = new Map<string, number>();
  /** Of long texts that were read: by their copy. */
  readonly #copies = new Map<number, number>();
  readonly #seen = new Map<object, unknown>();
  readonly #identities: Identities | undefined;

  /** @param identities of the pickle that the keys were read from, if they were */
  constructor(identities?: Identities) {
    this.#identities = identities;
  }

  /** The same (by SameValueZero) for keys that are one in Python, and no number: a file could choose many of one hash. */
  of(key: unknown): unknown {
    if (typeof key === 'boolean') return this.#numeric(Number(key));
    if (typeof key === 'string') return `'${this.#text(key, 0)}`;
    if (typeof key === 'bigint') return this.#numeric(asInt(key));
    const float = floatOf(key);
    if (float !== undefined) return this.#float(float);
    if (typeof key !== 'object' || key === null) return key;
    if (this.#seen.has(key)) return this.#seen.get(key);
    // A tuple may hold itself, by way of something that is equal to nothing but itself.
    this.#seen.set(key, key);
    const made = this.#object(key);
    const equal = typeof made === 'string' ? this.#longTexts.short(made) : made;
    this.#seen.set(key, equal);
    return equal;
  }

  #object(key: object): unknown {
    if ('re' in key && 'im' in key) return key.im === 0 ? this.of(key.re) : this.#joined('complex', Object.values(key));
    if (key instanceof PyFraction && key.denominator === 1n) return this.#numeric(asInt(key.numerator));
    if (key instanceof PyDecimal) {
      const whole = parseInteger(key.text);
      if (whole !== undefined) return this.#numeric(whole);
      return /nan/i.test(key.text) ? key : `d${key.text}`;
    }
    if (key instanceof Uint8Array) return `bytes ${latin1(key)}`;
    if (key instanceof PyFrozenSet) {
      const numbers = Array.from(key, (item, slot) => this.#number(item, key, slot));
      return `frozenset ${numbers.sort((a, b) => a - b).join()}`;
    }
    if (key instanceof NumpyScalar || key instanceof NumpyDType) return key;
    return this.#joined(key.constructor.name, Object.values(key), key);
  }

  /** Of one number for each of the parts, or what is shared by many would be spelled out for each. */
  #joined(kind: string, parts: readonly unknown[], owner?: object): string {
    return `${kind} ${parts.map((part, slot) => this.#number(part, owner, slot)).join()}`;
  }

  /** @param owner holds the value at `slot` */
  #number(value: unknown, owner: object | undefined, slot: number): number {
    if (typeof value === 'string') return this.#text(value, (owner && this.#identities?.copyAt(owner, slot)) ?? 0);
    return numberIn(this.#numbers, this.of(value));
  }

  /** The number of a text. */
  #text(text: string, copy: number): number {
    const isRead = text.length > LONG_TEXT && copy > 0;
    const known = isRead ? this.#copies.get(copy) : this.#texts.get(text);
    if (known !== undefined) return known;
    const number = numberIn(this.#numbers, `'${this.#longTexts.short(text)}`);
    if (isRead) this.#copies.set(copy, number);
    else this.#texts.set(text, number);
    return number;
  }

  #numeric(value: number | bigint): string {
    return this.#longTexts.short(`number ${textOfKey(value, this.#longTexts)}`);
  }

  /** A whole number is equal to an int. NaN is equal to nothing, and each one that is written is another object. */
  #float(value: number): unknown {
    if (Number.isNaN(value)) return Symbol('NaN');
    return this.#numeric(Number.isInteger(value) ? asInt(BigInt(value)) : value);
  }
}

function numberIn(numbers: Map<unknown, number>, equal: unknown): number {
  const number = numbers.get(equal) ?? numbers.size;
  numbers.set(equal, number);
  return number;
}
