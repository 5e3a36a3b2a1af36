// Makes tuples, lists, dicts and sets of values from the stack, and records which str object each place of them holds.

import type { GuardedInserter } from '../hash-flooding/guarded-insert.ts';
import { type Fail, kindOf } from '../pickle-error.ts';
import { PyFrozenSet, PyTuple } from '../values/builtin-classes.ts';
import { isHashable } from '../values/hashable.ts';
import type { IdentityRecorder } from './identity-recorder.ts';
import { StrCell } from './stack.ts';

/** Makes the collections of one pickle. */
export class Collections {
  readonly #notes: IdentityRecorder;
  readonly #inserter: GuardedInserter;
  readonly #fail: Fail;

  constructor(notes: IdentityRecorder, inserter: GuardedInserter, fail: Fail) {
    this.#notes = notes;
    this.#inserter = inserter;
    this.#fail = fail;
  }

  tuple(values: readonly unknown[]): PyTuple {
    // An array that grows would reserve memory for sixteen items, so that it gets its final length at once.
    const result = new PyTuple(values.length);
    for (let i = 0; i < values.length; i++) result[i] = this.#notes.place(result, i, values[i]);
    return result;
  }

  list(values: readonly unknown[]): unknown[] {
    const result: unknown[] = [];
    this.append(result, values);
    return result;
  }

  dict(values: readonly unknown[]): Map<unknown, unknown> {
    const result = new Map();
    this.setItems(result, values);
    return result;
  }

  frozenSet(values: readonly unknown[]): PyFrozenSet {
    const result = new PyFrozenSet();
    this.#add(result, values);
    return result;
  }

  /** Appends values to a list. */
  append(list: unknown, values: readonly unknown[]): void {
    if (!Array.isArray(list) || list instanceof PyTuple) throw this.#fail(`expected a list, got ${kindOf(list)}`);
    for (const value of values) list.push(this.#notes.place(list, list.length, value));
  }

  /** Sets entries of a dict. `values` alternates between keys and values. */
  setItems(dict: unknown, values: readonly unknown[]): void {
    if (!(dict instanceof Map)) throw this.#fail(`expected a dict, got ${kindOf(dict)}`);
    if (values.length % 2 !== 0) throw this.#fail('expected keys and values, got an odd number');
    for (let i = 0; i < values.length; i += 2) {
      const slot = 2 * dict.size;
      const given = values[i];
      const key = this.#hashable(this.#notes.place(dict, slot, given));
      const value = this.#notes.place(dict, slot + 1, values[i + 1]);
      this.#inserter.set(dict, key, value, given instanceof StrCell ? given : undefined);
    }
  }

  /** Adds values to a set. */
  addItems(set: unknown, values: readonly unknown[]): void {
    if (!(set instanceof Set) || set instanceof PyFrozenSet) throw this.#fail(`expected a set, got ${kindOf(set)}`);
    this.#add(set, values);
  }

  #add(set: Set<unknown>, values: readonly unknown[]): void {
    for (const given of values) {
      const item = this.#hashable(this.#notes.place(set, set.size, given));
      this.#inserter.add(set, item, given instanceof StrCell ? given : undefined);
    }
  }

  #hashable(key: unknown): unknown {
    if (!isHashable(key)) throw this.#fail(`${kindOf(key)} cannot be a key`);
    return key;
  }
}
