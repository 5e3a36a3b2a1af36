// Writes one value as a pickle, with the order, the opcodes and the memo of CPython's C pickler. An object is written once and then
// referred to. Objects are those of JavaScript, and the values of shared-values.ts.

import { asBytes } from '../../arguments/bytes-like.ts';
import { isFixedName } from '../../dtype/dtype.ts';
import { joinBytes } from '../../memory/allocate.ts';
import { NATIVE_ORDER } from '../../memory/byte-order.ts';
import type { UnsharedBytes } from '../../types/unshared.ts';
import type { Identities } from '../identities.ts';
import { NumpyDType } from '../numpy/numpy-dtype.ts';
import { kindOf, valueError, withinRuntime } from '../pickle-error.ts';
import { lookUpGlobal } from '../read/globals.ts';
import {
  isValidText,
  PyByteArray,
  PyFrozenSet,
  PyGlobal,
  PyOrderedDict,
  PyStr,
  PyTuple,
} from '../values/builtin-classes.ts';
import { EqualKeys } from '../values/equal-keys.ts';
import { isHashable } from '../values/hashable.ts';
import { isInt, isValidFloat, PyFloat } from '../values/numeric-values.ts';
import { OP } from '../wire/opcodes.ts';
import { checkDistinct, tokensToCompare } from './distinct-keys.ts';
import { Emitter } from './emitter.ts';
import { FreshBytes, FreshText } from './fresh-marks.ts';
import { type PickleVersions, reductionOf } from './reduction.ts';
import { SharedValues } from './shared-values.ts';

/** The deepest nesting, counted as in CPython's pickler, which fails at 1000: a list is one level, an array three. */
const MAX_DEPTH = 1100;
/** The most items that CPython writes with one opcode. */
const BATCH = 1000;

/**
 * Writes one value as a pickle.
 * @param identities those of the pickle from which the value was read, if any
 * @throws NpyError NPY_VALUE for a value that cannot be pickled, or is nested too deep; NPY_LIMIT
 */
export function writePickle(value: unknown, versions: PickleVersions, identities?: Identities): UnsharedBytes {
  return joinBytes(writePickleParts(value, versions, identities));
}

/** Writes a pickle in parts that are not joined. Bytes of 64 KiB and more are the value's own memory. @throws what `writePickle` throws */
export function writePickleParts(value: unknown, versions: PickleVersions, identities?: Identities): UnsharedBytes[] {
  return withinRuntime('caller', () => new Writer(versions, identities).write(value));
}

class Writer {
  readonly #out: Emitter;
  readonly #versions: PickleVersions;
  readonly #identities: Identities | undefined;
  readonly #shared: SharedValues;
  readonly #memo = new Map<object, number>();
  readonly #dtypes = new Map<string, number>();
  /** The set of which a list has the items, for sets that are written as calls. `#identities` has the copies of the set. */
  readonly #setsByItems = new Map<object, object>();
  readonly #equalKeys: EqualKeys;
  #depth = 0;

  constructor(versions: PickleVersions, identities: Identities | undefined) {
    this.#out = new Emitter(versions.protocol);
    this.#shared = new SharedValues(this.#out, versions, identities);
    this.#versions = versions;
    this.#identities = identities;
    this.#equalKeys = new EqualKeys(identities);
  }

  write(value: unknown): UnsharedBytes[] {
    this.#save(value);
    return this.#out.stop();
  }

  /** Writes a value that `owner` holds at `slot`. */
  #saveIn(owner: object, slot: number, value: unknown): void {
    if (typeof value !== 'string') return void this.#save(value);
    this.#out.boundary();
    this.#shared.text(value, this.#identities?.copyAt(this.#setsByItems.get(owner) ?? owner, slot) ?? 0);
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
    else throw valueError(`a ${typeof value} cannot be pickled`);
  }

  #object(value: object): void {
    const out = this.#out;
    if (value instanceof PyFloat) return void this.#float(value);
    const index = this.#memo.get(value);
    if (index !== undefined) return void out.get(index);
    if (++this.#depth > MAX_DEPTH) throw valueError(`values are nested more than ${MAX_DEPTH} deep`);
    if (value instanceof Uint8Array) this.#bytes(value);
    else if (value instanceof PyTuple) this.#tuple(value);
    else if (Array.isArray(value)) this.#list(value);
    else if (value instanceof Map && !(value instanceof PyOrderedDict)) this.#dict(value);
    else if (value instanceof Set && this.#versions.protocol >= 4) this.#set(value);
    else if (value instanceof PyStr) this.#str(value);
    else if (value instanceof PyByteArray && this.#versions.protocol >= 5) this.#byteArray(value);
    else if (value instanceof FreshText) out.newText(value.text);
    else if (value instanceof FreshBytes) out.newBytes(value.bytes);
    else if (value instanceof PyGlobal) this.#global(value);
    else if (value instanceof NumpyDType) this.#dtype(value);
    else this.#reduced(value);
    this.#depth--;
  }

  #bytes(value: Uint8Array): void {
    // Throws if the memory was transferred away.
    asBytes(value);
    this.#memo.set(value, this.#shared.bytes(value));
  }

  #float(float: PyFloat): void {
    if (!isValidFloat(float)) throw valueError('a PyFloat must be a number, or a NaN with the bits of one');
    this.#out.float(float.value, float.nanBits);
  }

  #str(text: PyStr): void {
    if (!isValidText(text)) throw valueError('a PyStr must consist of code points');
    this.#memo.set(text, this.#out.newText(text));
  }

  #byteArray(array: PyByteArray): void {
    if (!(array.bytes instanceof Uint8Array)) throw valueError('a PyByteArray must hold bytes');
    this.#memo.set(array, this.#out.newByteArray(asBytes(array.bytes)));
  }

  #global(global: PyGlobal): void {
    if (!lookUpGlobal(global)) throw valueError('a PyGlobal must name a known class or function', { value: global });
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
    // If the tuple contains itself, one of its items has already written it.
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
    const tokens = tokensToCompare(map.keys());
    if (entries.length === 1) {
      this.#entries(map, entries, 0, 1, tokens);
      out.op(OP.SETITEM);
      return;
    }
    // As in CPython, a full batch is followed by another one, even if that is empty.
    for (let i = 0; i <= entries.length; i += BATCH) {
      out.op(OP.MARK);
      this.#entries(map, entries, i, Math.min(i + BATCH, entries.length), tokens);
      out.op(OP.SETITEMS);
    }
  }

  /** Writes the entries of an OrderedDict. Unlike a plain dict it has no empty batch, and a single entry at the end has no mark. */
  #orderedEntries(map: Map<unknown, unknown>): void {
    const entries = [...map];
    const tokens = tokensToCompare(map.keys());
    for (let i = 0; i < entries.length; i += BATCH) {
      const end = Math.min(i + BATCH, entries.length);
      if (end - i > 1) this.#out.op(OP.MARK);
      this.#entries(map, entries, i, end, tokens);
      this.#out.op(end - i > 1 ? OP.SETITEMS : OP.SETITEM);
    }
  }

  #entries(
    map: object,
    entries: readonly [unknown, unknown][],
    start: number,
    end: number,
    tokens: Set<unknown> | undefined,
  ): void {
    for (let i = start; i < end; i++) {
      const [key, value] = entries[i] ?? [];
      this.#key(map, 2 * i, key, tokens);
      this.#saveIn(map, 2 * i + 1, value);
    }
  }

  /** Writes a key. @param tokens those of the other keys of `owner`, if they need comparison */
  #key(owner: object, slot: number, key: unknown, tokens: Set<unknown> | undefined): void {
    if (!isHashable(key)) throw valueError(`${kindOf(key)} cannot be a key in Python`);
    this.#saveIn(owner, slot, key);
    checkDistinct(key, tokens, this.#equalKeys);
  }

  #set(set: Set<unknown>): void {
    const out = this.#out;
    const items = [...set];
    const tokens = tokensToCompare(items);
    if (set instanceof PyFrozenSet) {
      out.op(OP.MARK);
      for (const [i, item] of items.entries()) this.#key(set, i, item, tokens);
      out.op(OP.FROZENSET);
      this.#memo.set(set, this.#out.put());
      return;
    }
    out.op(OP.EMPTY_SET);
    this.#memo.set(set, this.#out.put());
    if (items.length === 0) return;
    // As with dicts, a full batch is followed by another one.
    for (let i = 0; i <= items.length; i += BATCH) {
      out.op(OP.MARK);
      for (let j = i; j < Math.min(i + BATCH, items.length); j++) this.#key(set, j, items[j], tokens);
      out.op(OP.ADDITEMS);
    }
  }

  /**
   * Writes a dtype. NumPy has one shared object for each plain dtype in native order, and for text, bytes and void without a width.
   * Others, and those that were read, are not shared.
   */
  #dtype(dtype: NumpyDType): void {
    const { name, itemsize, fields, subarray, unit, byteOrder, kind } = dtype.type;
    const isPlain = kind === 'O' || isFixedName(name) || itemsize === 0;
    const hasNoParts = isPlain && !fields && !subarray && !unit && !dtype.strings;
    const isShared =
      hasNoParts && (byteOrder === '|' || byteOrder === NATIVE_ORDER) && !this.#identities?.constructions.has(dtype);
    const index = isShared ? this.#dtypes.get(name) : undefined;
    if (index !== undefined) return void this.#out.get(index);
    const newIndex = this.#reduced(dtype);
    if (isShared) this.#dtypes.set(name, newIndex);
  }

  /** Writes the call that makes a value, and returns its memo number. */
  #reduced(value: object): number {
    const out = this.#out;
    const { callable, args, creates, entries, state } = reductionOf(
      value,
      this.#versions,
      this.#identities?.constructions.get(value),
    );
    const [items] = args;
    if (value instanceof Set && Array.isArray(items)) this.#setsByItems.set(items, value);
    out.boundary();
    this.#shared.global(callable);
    this.#save(args);
    if (value instanceof Set) {
      const tokens = tokensToCompare(value);
      for (const item of value) checkDistinct(item, tokens, this.#equalKeys);
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
