// Which keys Python takes for one though JavaScript does not: 1, 1n, 1.0, True and 1+0j are one key of a dict, and so are two
// tuples of the same items. A Map that holds both would lose one of its values in Python.
import { latin1 } from '../../latin1.ts';
import { NumpyScalar } from '../numpy/array.ts';
import { NumpyDType } from '../numpy/dtype.ts';
import { asInt, floatOf, PyDecimal, PyFraction, parseInteger } from './numbers.ts';
import { PyFrozenSet } from './python.ts';

/**
 * What keys are equal by. Numbers are compared by value, tuples and frozensets by their items, other values by their fields:
 * equal ones of different fields (a Decimal of 1.0 and of 1.00, a datetime in two zones) are not found.
 */
export class EqualKeys {
  readonly #numbers = new Map<unknown, number>();
  readonly #seen = new Map<object, unknown>();

  /** The same (by SameValueZero) for keys that are one in Python. */
  of(key: unknown): unknown {
    if (typeof key === 'boolean') return Number(key);
    if (typeof key === 'string') return `'${key}`;
    if (typeof key === 'bigint') return asInt(key);
    const float = floatOf(key);
    if (float !== undefined) return equalFloat(float);
    if (typeof key !== 'object' || key === null) return key;
    if (this.#seen.has(key)) return this.#seen.get(key);
    // A tuple may hold itself, by way of something that is equal to nothing but itself.
    this.#seen.set(key, key);
    const equal = this.#object(key);
    this.#seen.set(key, equal);
    return equal;
  }

  #object(key: object): unknown {
    if ('re' in key && 'im' in key) return key.im === 0 ? this.of(key.re) : this.#joined('complex', Object.values(key));
    if (key instanceof PyFraction && key.denominator === 1n) return asInt(key.numerator);
    if (key instanceof PyDecimal) return parseInteger(key.text) ?? (/nan/i.test(key.text) ? key : `d${key.text}`);
    if (key instanceof Uint8Array) return `bytes ${latin1(key)}`;
    if (key instanceof PyFrozenSet)
      return this.#joined('frozenset', Array.from(key, (item) => this.#number(item)).sort());
    if (key instanceof NumpyScalar || key instanceof NumpyDType) return key;
    return this.#joined(key.constructor.name, Object.values(key));
  }

  /** Of one number for each of the parts, or what is shared by many would be spelled out for each. */
  #joined(kind: string, parts: Iterable<unknown>): string {
    return `${kind} ${Array.from(parts, (part) => this.#number(part)).join()}`;
  }

  #number(value: unknown): number {
    const equal = this.of(value);
    const number = this.#numbers.get(equal) ?? this.#numbers.size;
    this.#numbers.set(equal, number);
    return number;
  }
}

/** A whole number is equal to an int. NaN is equal to nothing, and each one that is written is another object. */
function equalFloat(value: number): unknown {
  if (Number.isNaN(value)) return Symbol('NaN');
  return Number.isInteger(value) ? asInt(BigInt(value)) : value;
}
