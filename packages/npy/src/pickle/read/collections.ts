// Tuples, lists, dicts and sets out of what lies on the stack, with a note of which str each place holds.

import type { Keyed } from '../hash-flooding/guarded-insert.ts';
import { type Fail, kindOf } from '../pickle-error.ts';
import { PyFrozenSet, PyTuple } from '../values/builtins.ts';
import { isHashable } from '../values/hashable.ts';
import type { IdentityNotes } from './identity-notes.ts';
import { StrCell } from './stack.ts';

export class Collections {
  readonly #notes: IdentityNotes;
  readonly #keyed: Keyed;
  readonly #fail: Fail;

  constructor(notes: IdentityNotes, keyed: Keyed, fail: Fail) {
    this.#notes = notes;
    this.#keyed = keyed;
    this.#fail = fail;
  }

  tuple(values: readonly unknown[]): PyTuple {
    // Of its final length from the start: one that grows would take room for sixteen.
    const made = new PyTuple(values.length);
    for (let i = 0; i < values.length; i++) made[i] = this.#notes.place(made, i, values[i]);
    return made;
  }

  list(values: readonly unknown[]): unknown[] {
    const made: unknown[] = [];
    this.append(made, values);
    return made;
  }

  dict(values: readonly unknown[]): Map<unknown, unknown> {
    const made = new Map();
    this.setItems(made, values);
    return made;
  }

  frozenSet(values: readonly unknown[]): PyFrozenSet {
    const made = new PyFrozenSet();
    this.#add(made, values);
    return made;
  }

  append(list: unknown, values: readonly unknown[]): void {
    if (!Array.isArray(list) || list instanceof PyTuple) throw this.#fail(`expected a list, got ${kindOf(list)}`);
    for (const value of values) list.push(this.#notes.place(list, list.length, value));
  }

  /** Sets keys and values, which alternate. */
  setItems(dict: unknown, values: readonly unknown[]): void {
    if (!(dict instanceof Map)) throw this.#fail(`expected a dict, got ${kindOf(dict)}`);
    if (values.length % 2 !== 0) throw this.#fail('expected keys and values, got an odd number');
    for (let i = 0; i < values.length; i += 2) {
      const slot = 2 * dict.size;
      const given = values[i];
      const key = this.#hashable(this.#notes.place(dict, slot, given));
      const value = this.#notes.place(dict, slot + 1, values[i + 1]);
      this.#keyed.set(dict, key, value, given instanceof StrCell ? given : undefined);
    }
  }

  addItems(set: unknown, values: readonly unknown[]): void {
    if (!(set instanceof Set) || set instanceof PyFrozenSet) throw this.#fail(`expected a set, got ${kindOf(set)}`);
    this.#add(set, values);
  }

  #add(set: Set<unknown>, values: readonly unknown[]): void {
    for (const given of values) {
      const item = this.#hashable(this.#notes.place(set, set.size, given));
      this.#keyed.add(set, item, given instanceof StrCell ? given : undefined);
    }
  }

  #hashable(key: unknown): unknown {
    if (!isHashable(key)) throw this.#fail(`${kindOf(key)} cannot be a key`);
    return key;
  }
}
