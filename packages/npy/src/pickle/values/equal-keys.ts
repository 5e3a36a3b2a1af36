// Finds keys that are equal in Python but not in JavaScript: 1, 1n, 1.0, True and 1+0j are one key of a dict, and so are two tuples of the
// same items. A Map with both would lose one of its values in Python.
import { latin1 } from '../../text/latin1.ts';
import { MAX_SEEDED_LENGTH } from '../hash-flooding/engine-hash.ts';
import { LongTextNumbers } from '../hash-flooding/long-text-numbers.ts';
import { textOfKey } from '../hash-flooding/seeded-entries.ts';
import type { Identities } from '../identities.ts';
import { NumpyScalar } from '../numpy/numpy-array.ts';
import { NumpyDType } from '../numpy/numpy-dtype.ts';
import { PyFrozenSet } from './builtin-classes.ts';
import { asInt, floatValue, PyDecimal, PyFraction, parseInteger } from './numeric-values.ts';

/**
 * Gives each key a token that equal keys share. Numbers are compared by value, tuples and frozensets by their items, other values by
 * their fields. Equal values with different fields (a Decimal of 1.0 and of 1.00, a datetime in two zones) are not found.
 */
export class EqualKeys {
  readonly #longTexts = new LongTextNumbers();
  /** The numbers of tokens. */
  readonly #numbers = new Map<unknown, number>();
  /** The numbers of texts. V8 caches the hash of a string, so that looking it up again does not read its characters. */
  readonly #texts = new Map<string, number>();
  /** The numbers of long texts that were read from a pickle, by their copy. */
  readonly #copies = new Map<number, number>();
  /** The tokens of objects. */
  readonly #tokens = new Map<object, unknown>();
  readonly #identities: Identities | undefined;

  /** @param identities those of the pickle from which the keys were read, if any */
  constructor(identities?: Identities) {
    this.#identities = identities;
  }

  /** Returns the token of a key, which equal keys share. It is never a number, since a file could choose numbers that collide in a Map. */
  tokenOf(key: unknown): unknown {
    if (typeof key === 'boolean') return this.#numeric(Number(key));
    if (typeof key === 'string') return `'${this.#text(key, 0)}`;
    if (typeof key === 'bigint') return this.#numeric(asInt(key));
    const float = floatValue(key);
    if (float !== undefined) return this.#float(float);
    if (typeof key !== 'object' || key === null) return key;
    if (this.#tokens.has(key)) return this.#tokens.get(key);
    // While a tuple is read its token is the tuple, since it may contain itself, inside of an object that equals only itself.
    this.#tokens.set(key, key);
    const text = this.#objectToken(key);
    const token = typeof text === 'string' ? this.#longTexts.shorten(text) : text;
    this.#tokens.set(key, token);
    return token;
  }

  #objectToken(key: object): unknown {
    if ('re' in key && 'im' in key)
      return key.im === 0 ? this.tokenOf(key.re) : this.#joined('complex', Object.values(key));
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

  /** Returns a string with one number for each part. The parts themselves could be far longer, if many values share them. */
  #joined(kind: string, parts: readonly unknown[], owner?: object): string {
    return `${kind} ${parts.map((part, slot) => this.#number(part, owner, slot)).join()}`;
  }

  /** Returns the number of a value's token. @param owner the object that holds the value at `slot` */
  #number(value: unknown, owner: object | undefined, slot: number): number {
    if (typeof value === 'string') return this.#text(value, (owner && this.#identities?.copyAt(owner, slot)) ?? 0);
    return numberIn(this.#numbers, this.tokenOf(value));
  }

  /** Returns the number of a text. */
  #text(text: string, copy: number): number {
    const isRead = text.length > MAX_SEEDED_LENGTH && copy > 0;
    const known = isRead ? this.#copies.get(copy) : this.#texts.get(text);
    if (known !== undefined) return known;
    const number = numberIn(this.#numbers, `'${this.#longTexts.shorten(text)}`);
    if (isRead) this.#copies.set(copy, number);
    else this.#texts.set(text, number);
    return number;
  }

  #numeric(value: number | bigint): string {
    return this.#longTexts.shorten(`number ${textOfKey(value, this.#longTexts)}`);
  }

  /** Returns the token of a float. A whole number equals an int. NaN equals nothing, and each NaN that is written is another object. */
  #float(value: number): unknown {
    if (Number.isNaN(value)) return Symbol('NaN');
    return this.#numeric(Number.isInteger(value) ? asInt(BigInt(value)) : value);
  }
}

function numberIn(numbers: Map<unknown, number>, token: unknown): number {
  const number = numbers.get(token) ?? numbers.size;
  numbers.set(token, number);
  return number;
}
