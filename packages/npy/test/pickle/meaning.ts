// The meaning of a value as text, in the same form as the class Meaning of meaning.py, so that values of both sides can be compared.

import { descrOf } from '../../src/dtype/descr.ts';
import type { DType } from '../../src/dtype/dtype.ts';
import { NumpyArray, NumpyScalar } from '../../src/pickle/numpy/numpy-array.ts';
import { NumpyDType } from '../../src/pickle/numpy/numpy-dtype.ts';
import {
  PyByteArray,
  PyFrozenSet,
  PyGlobal,
  PyOrderedDict,
  PyRange,
  PySlice,
  PyStr,
  PyTuple,
  PyUuid,
} from '../../src/pickle/values/builtin-classes.ts';
import { PyDate, PyDateTime, PyTime, PyTimeDelta, PyTimeZone } from '../../src/pickle/values/datetime.ts';
import { PyDecimal, PyFloat, PyFraction } from '../../src/pickle/values/numeric-values.ts';

export type Meaning = readonly unknown[];

export function meaningOf(value: unknown): Meaning {
  return new Meanings().of(value);
}

function bits(value: unknown): string {
  const float = value instanceof PyFloat ? value : new PyFloat(value as number);
  const view = new DataView(new ArrayBuffer(8));
  if (Number.isNaN(float.value)) view.setBigUint64(0, float.nanBits ?? 0x7ff8000000000000n);
  else view.setFloat64(0, float.value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

function codesOf(text: string | PyStr): readonly number[] {
  return text instanceof PyStr ? text.codePoints : Array.from(text, (c) => c.codePointAt(0) ?? 0);
}

function dtypeMeaning({ type, strings }: NumpyDType): unknown {
  if (strings) return ['T', strings.coerce, 'na_object' in strings ? ['na', meaningOf(strings.na_object)] : []];
  return typeMeaning(type);
}

function typeMeaning(type: DType): unknown {
  const { subarray, fields, itemsize } = type;
  if (subarray) return ['sub', typeMeaning(subarray.type), [...subarray.shape]];
  if (!fields) return descrOf(type);
  return ['struct', itemsize, fields.map((field) => [field.name, field.offset, typeMeaning(field.type)])];
}

class Meanings {
  readonly #seen = new Map<object, number>();

  of(x: unknown): Meaning {
    if (x === null) return ['None'];
    if (typeof x === 'boolean') return [x ? 'True' : 'False'];
    if (typeof x === 'bigint' || (Number.isSafeInteger(x) && !Object.is(x, -0))) return ['int', String(x)];
    if (typeof x === 'number' || x instanceof PyFloat) return ['float', bits(x)];
    if (typeof x === 'string' || x instanceof PyStr) return ['str', codesOf(x)];
    if (x instanceof Uint8Array) return ['bytes', hex(x)];
    if (x instanceof PyTuple) return ['tuple', Array.from(x, (y) => this.of(y))];
    if (x instanceof PyFrozenSet) return ['frozenset', this.#unordered(x)];
    if (x instanceof PyDateTime) {
      const zone = this.of(x.tzinfo);
      return ['datetime', x.year, x.month, x.day, x.hour, x.minute, x.second, x.microsecond, x.fold, zone];
    }
    if (x instanceof PyTime) return ['time', x.hour, x.minute, x.second, x.microsecond, x.fold, this.of(x.tzinfo)];
    if (x instanceof PyDate) return ['date', x.year, x.month, x.day];
    if (x instanceof PyTimeDelta) return ['timedelta', x.days, x.seconds, x.microseconds];
    if (x instanceof PyTimeZone) {
      return ['timezone', this.of(x.offset), ...(x.name === undefined ? [] : [this.of(x.name)])];
    }
    if (x instanceof PyDecimal) return ['decimal', x.text];
    if (x instanceof PyFraction) return ['fraction', String(x.numerator), String(x.denominator)];
    if (x instanceof PyUuid) return ['uuid', String(x), x.isSafe ?? null];
    if (x instanceof PySlice) return ['slice', this.of(x.start), this.of(x.stop), this.of(x.step)];
    if (x instanceof PyRange) return ['range', String(x.start), String(x.stop), String(x.step)];
    if (x instanceof PyGlobal) return ['global', x.name];
    if (x instanceof NumpyDType) return ['dtype', dtypeMeaning(x)];
    if (x instanceof NumpyScalar && x.data instanceof Uint8Array) {
      // The padding of a longdouble holds what memory held before, so it has no meaning.
      const { kind, itemsize } = x.dtype.type;
      const padded = (kind === 'f' && itemsize > 8) || (kind === 'c' && itemsize > 16);
      return ['scalar', dtypeMeaning(x.dtype), padded ? '' : hex(x.data)];
    }
    if (typeof x === 'object') return this.#object(x);
    throw new Error(`a ${typeof x} means nothing`);
  }

  #unordered(items: Set<unknown>): Meaning[] {
    const meanings = Array.from(items, (item) => {
      const meaning = this.of(item);
      return { meaning, key: JSON.stringify(meaning) };
    });
    return meanings.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ meaning }) => meaning);
  }

  #object(x: object): Meaning {
    if ('re' in x && 'im' in x) {
      const { re, im } = x;
      return ['complex', bits(re), bits(im)];
    }
    const again = this.#seen.get(x);
    if (again !== undefined) return ['again', again];
    const number = this.#seen.size;
    this.#seen.set(x, number);
    if (x instanceof NumpyScalar) {
      const item = x.data instanceof NumpyArray ? x.data.items?.[0] : undefined;
      return ['objects', number, dtypeMeaning(x.dtype), this.of(item)];
    }
    if (Array.isArray(x)) return ['list', number, x.map((y) => this.of(y))];
    if (x instanceof Set) return ['set', number, this.#unordered(x)];
    if (x instanceof PyByteArray) return ['bytearray', number, hex(x.bytes)];
    if (x instanceof Map) {
      const name = x instanceof PyOrderedDict ? 'OrderedDict' : 'dict';
      return [name, number, Array.from(x, ([key, value]) => [this.of(key), this.of(value)])];
    }
    if (x instanceof NumpyArray) {
      if (x.dtype.type.byteOrder === '>' && x.data) return this.#turned(x, x.data, number);
      const head = ['array', number, dtypeMeaning(x.dtype), [...x.shape], x.fortranOrder];
      return [...head, x.items ? x.items.map((y) => this.of(y)) : hex(x.data ?? new Uint8Array(0))];
    }
    throw new Error(`a ${x.constructor.name} means nothing`);
  }

  /** Returns the meaning of a big-endian array with its bytes in little-endian order, to which np.load converts such arrays. */
  #turned({ dtype, shape, fortranOrder }: NumpyArray, data: Uint8Array, number: number): Meaning {
    const { kind, itemsize } = dtype.type;
    const word = kind === 'U' ? 4 : kind === 'c' ? itemsize / 2 : itemsize;
    const turned = data.map((_, i) => data[i - (i % word) + word - 1 - (i % word)] ?? 0);
    const descr = String(dtype.descr).replace('>', '<');
    return ['array', number, descr, [...shape], fortranOrder, hex(turned)];
  }
}
