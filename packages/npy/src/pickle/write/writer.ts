// One value to bytes, in the order, with the opcodes and with the memo that CPython's C pickler has for it.
// An object is written once and referred to from then on. Objects are those of JavaScript, and what shared-values.ts takes for one.

import { isFixedName } from '../../dtype/dtype.ts';
import { joined } from '../../memory/allocate.ts';
import { NATIVE_ORDER } from '../../memory/byte-order.ts';
import type { UnsharedBytes } from '../../memory/unshared.ts';
import type { Identities } from '../identities.ts';
import { NumpyDType } from '../numpy/numpy-dtype.ts';
import { kindOf, valueError, withinRuntime } from '../pickle-error.ts';
import { knownAs } from '../read/globals.ts';
import { isText, PyByteArray, PyFrozenSet, PyGlobal, PyOrderedDict, PyStr, PyTuple } from '../values/builtins.ts';
import { EqualKeys } from '../values/equal-keys.ts';
import { isHashable } from '../values/hashable.ts';
import { isFloat, isInt, PyFloat } from '../values/numeric-values.ts';
import { OP } from '../wire/opcodes.ts';
import { checkDistinct, comparing } from './distinct-keys.ts';
import { Emitter } from './emitter.ts';
import { FreshBytes, FreshText } from './fresh-marks.ts';
import { type Dialect, reductionOf } from './reduction.ts';
import { Shared } from './shared-values.ts';

/** Counted as CPython's pickler does, which gives up at 1000: a list is one deeper, an array three. */
const MAX_DEPTH = 1100;
const BATCH = 1000;

/**
 * Writes one value as a pickle.
 * @param identities of the pickle that the value was read from, if it was
 * @throws NpyError NPY_VALUE for a value that is none of ours, or is nested too deep; NPY_LIMIT
 */
export function writePickle(value: unknown, dialect: Dialect, identities?: Identities): UnsharedBytes {
  return joined(writePickleParts(value, dialect, identities));
}

/** `writePickle`, not joined: bytes of 64 KiB and more are those of the value itself. @throws NpyError what `writePickle` throws */
export function writePickleParts(value: unknown, dialect: Dialect, identities?: Identities): UnsharedBytes[] {
  return withinRuntime('caller', () => new Writer(dialect, identities).write(value));
}

class Writer {
  readonly #out: Emitter;
  readonly #dialect: Dialect;
  readonly #identities: Identities | undefined;
  readonly #shared: Shared;
  readonly #memo = new Map<object, number>();
  readonly #dtypes = new Map<string, number>();
  /** Lists made here of the items of a set, which stand for the set in `identities`. */
  readonly #standIns = new Map<object, object>();
  readonly #equalKeys: EqualKeys;
  #depth = 0;

  constructor(dialect: Dialect, identities: Identities | undefined) {
    this.#out = new Emitter(dialect.protocol);
    this.#shared = new Shared(this.#out, dialect, identities);
    this.#dialect = dialect;
    this.#identities = identities;
    this.#equalKeys = new EqualKeys(identities);
  }

  write(value: unknown): UnsharedBytes[] {
    this.#save(value);
    return this.#out.stop();
  }

  /** Writes what `owner` holds at `slot`. */
  #saveIn(owner: object, slot: number, value: unknown): void {
    if (typeof value !== 'string') return void this.#save(value);
    this.#out.boundary();
    this.#shared.text(value, this.#identities?.copyAt(this.#standIns.get(owner) ?? owner, slot) ?? 0);
  }

  #save(value: unknown): void {
    const out = this.#out;
    out.boundary();
    if (value === null) out.op(OP.NONE);
    else if (value === true) out.op(OP.NEWTRUE);
    else if (value === false) out.op(OP.NEWFALSE);
    else if (typeof value === 'string') this.#shared.text(value, 0);
    else if (isInt(value)) this.#out.int(value);
    else if (typeof value === 'number') this.#out.float(value);
    else if (typeof value === 'object') this.#object(value);
    else throw valueError(`a pickle of ours holds no ${typeof value}`);
  }

  #object(value: object): void {
    const out = this.#out;
    if (value instanceof PyFloat) return void this.#float(value);
    const index = this.#memo.get(value);
    if (index !== undefined) return void out.get(index);
    if (++this.#depth > MAX_DEPTH) throw valueError(`values are nested over ${MAX_DEPTH} deep`);
    if (value instanceof Uint8Array) this.#memo.set(value, this.#shared.bytes(value));
    else if (value instanceof PyTuple) this.#tuple(value);
    else if (Array.isArray(value)) this.#list(value);
    else if (value instanceof Map && !(value instanceof PyOrderedDict)) this.#dict(value);
    else if (value instanceof Set && this.#dialect.protocol >= 4) this.#set(value);
    else if (value instanceof PyStr) this.#str(value);
    else if (value instanceof PyByteArray && this.#dialect.protocol >= 5) this.#byteArray(value);
    else if (value instanceof FreshText) out.newText(value.text);
    else if (value instanceof FreshBytes) out.newBytes(value.bytes);
    else if (value instanceof PyGlobal) this.#global(value);
    else if (value instanceof NumpyDType) this.#dtype(value);
    else this.#reduced(value);
    this.#depth--;
  }

  #float(float: PyFloat): void {
    if (!isFloat(float)) throw valueError('a PyFloat is a number, and a NaN where it has the bits of one');
    this.#out.float(float.value, float.nanBits);
  }

  #str(text: PyStr): void {
    if (!isText(text)) throw valueError('a PyStr is made of code points');
    this.#memo.set(text, this.#out.newText(text));
  }

  #byteArray(array: PyByteArray): void {
    if (!(array.bytes instanceof Uint8Array)) throw valueError('a PyByteArray holds bytes');
    this.#memo.set(array, this.#out.newByteArray(array.bytes));
  }

  #global(global: PyGlobal): void {
    if (!knownAs(global)) throw valueError('a PyGlobal is one of the names that are known here', { value: global });
    this.#shared.global(global);
  }

  #tuple(items: PyTuple): void {
    const out = this.#out;
    if (items.length === 0) {
      out.op(OP.EMPTY_TUPLE);
      return;
    }
    const small = items.length <= 3;
    if (!small) out.op(OP.MARK);
    for (const [i, item] of items.entries()) this.#saveIn(items, i, item);
    // It was written meanwhile, by one of its own items.
    const index = this.#memo.get(items);
    if (index !== undefined) {
      if (small) for (const _ of items) out.op(OP.POP);
      else out.op(OP.POP_MARK);
      this.#out.get(index);
      return;
    }
    out.op(small ? OP.TUPLE1 + items.length - 1 : OP.TUPLE);
    this.#memo.set(items, this.#out.put());
  }

  #list(items: readonly unknown[]): void {
    const out = this.#out;
    out.op(OP.EMPTY_LIST);
    this.#memo.set(items, this.#out.put());
    if (items.length === 1) {
      this.#saveIn(items, 0, items[0]);
      out.op(OP.APPEND);
      return;
    }
    for (let i = 0; i < items.length; ) {
      out.op(OP.MARK);
      const end = Math.min(i + BATCH, items.length);
      for (; i < end; i++) this.#saveIn(items, i, items[i]);
      out.op(OP.APPENDS);
    }
  }

  #dict(map: Map<unknown, unknown>): void {
    const out = this.#out;
    out.op(OP.EMPTY_DICT);
    this.#memo.set(map, this.#out.put());
    const entries = [...map];
    if (entries.length === 0) return;
    const keys = comparing(map.keys());
    if (entries.length === 1) {
      this.#entries(map, entries, 0, 1, keys);
      out.op(OP.SETITEM);
      return;
    }
    // A full batch is followed by another one, though that be empty.
    for (let i = 0; i <= entries.length; i += BATCH) {
      out.op(OP.MARK);
      this.#entries(map, entries, i, Math.min(i + BATCH, entries.length), keys);
      out.op(OP.SETITEMS);
    }
  }

  /** As the items of anything but a plain dict are written: no empty batch, and one that is left over has no mark. */
  #orderedEntries(map: Map<unknown, unknown>): void {
    const entries = [...map];
    const keys = comparing(map.keys());
    for (let i = 0; i < entries.length; i += BATCH) {
      const end = Math.min(i + BATCH, entries.length);
      if (end - i > 1) this.#out.op(OP.MARK);
      this.#entries(map, entries, i, end, keys);
      this.#out.op(end - i > 1 ? OP.SETITEMS : OP.SETITEM);
    }
  }

  #entries(
    map: object,
    entries: readonly [unknown, unknown][],
    start: number,
    end: number,
    keys: Set<unknown> | undefined,
  ): void {
    for (let i = start; i < end; i++) {
      const [key, value] = entries[i] ?? [];
      this.#key(map, 2 * i, key, keys);
      this.#saveIn(map, 2 * i + 1, value);
    }
  }

  /** @param keys what the other keys of `owner` are equal by, where some may be */
  #key(owner: object, slot: number, key: unknown, keys: Set<unknown> | undefined): void {
    if (!isHashable(key)) throw valueError(`${kindOf(key)} cannot be a key in Python`);
    this.#saveIn(owner, slot, key);
    checkDistinct(key, keys, this.#equalKeys);
  }

  #set(set: Set<unknown>): void {
    const out = this.#out;
    const items = [...set];
    const keys = comparing(items);
    if (set instanceof PyFrozenSet) {
      out.op(OP.MARK);
      for (const [i, item] of items.entries()) this.#key(set, i, item, keys);
      out.op(OP.FROZENSET);
      this.#memo.set(set, this.#out.put());
      return;
    }
    out.op(OP.EMPTY_SET);
    this.#memo.set(set, this.#out.put());
    if (items.length === 0) return;
    // As of dicts: a full batch is followed by another one.
    for (let i = 0; i <= items.length; i += BATCH) {
      out.op(OP.MARK);
      for (let j = i; j < Math.min(i + BATCH, items.length); j++) this.#key(set, j, items[j], keys);
      out.op(OP.ADDITEMS);
    }
  }

  /** NumPy has one dtype object for each plain type in native order, and for text, bytes and void without a width. Others, and those that were read, are their own. */
  #dtype(dtype: NumpyDType): void {
    const { name, itemsize, fields, subarray, unit, byteOrder, kind } = dtype.type;
    const hasOne = kind === 'O' || isFixedName(name) || itemsize === 0;
    const isOne = hasOne && !fields && !subarray && !unit && !dtype.strings;
    const isPlain = isOne && (byteOrder === '|' || byteOrder === NATIVE_ORDER) && !this.#identities?.made.has(dtype);
    const index = isPlain ? this.#dtypes.get(name) : undefined;
    if (index !== undefined) return void this.#out.get(index);
    const made = this.#reduced(dtype);
    if (isPlain) this.#dtypes.set(name, made);
  }

  #reduced(value: object): number {
    const out = this.#out;
    const { callable, args, creates, entries, state } = reductionOf(
      value,
      this.#dialect,
      this.#identities?.made.get(value),
    );
    const [items] = args;
    if (value instanceof Set && Array.isArray(items)) this.#standIns.set(items, value);
    out.boundary();
    this.#shared.global(callable);
    this.#save(args);
    if (value instanceof Set) {
      const keys = comparing(value);
      for (const item of value) checkDistinct(item, keys, this.#equalKeys);
    }
    out.op(creates ? OP.NEWOBJ : OP.REDUCE);
    const index = this.#out.put();
    this.#memo.set(value, index);
    if (entries) this.#orderedEntries(entries);
    if (state !== undefined) {
      this.#save(state);
      out.op(OP.BUILD);
    }
    return index;
  }
}
