// Reads and writes one element of a structure, at any alignment. The bytes of a field without parts are copied to or from an aligned
// store of one element.

import type { DType, Field } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { sizeOf } from '../layout/shape.ts';
import { quoted } from '../text/quoted.ts';
import { reader, writer } from './access.ts';
import { cannotHold } from './check-value.ts';
import { numberOfStore } from './number-stores.ts';
import { simpleOver } from './simple.ts';
import { checkValueBudget, countValues } from './value-budget.ts';
import { casterTo } from './value-cast.ts';

/** Reads and writes elements of one dtype. An element starts at byte `at`. */
export interface ElementCodec {
  read(bytes: Uint8Array, at: number): unknown;
  /** @throws NpyError NPY_VALUE if the dtype cannot hold `value` */
  write(bytes: Uint8Array, at: number, value: unknown): void;
}

/**
 * Returns the codec of a dtype in native byte order.
 * @throws NpyError NPY_LIMIT if one element is more values than its bytes allow
 */
export function elementCodec(type: DType): ElementCodec {
  checkValueBudget(countValues(1, type), type.itemsize);
  return codecOf(type);
}

function codecOf(type: DType): ElementCodec {
  if (type.subarray) return subarrayCodec(type.subarray);
  return type.fields ? structCodec(type.fields) : simpleCodec(type);
}

function simpleCodec(type: DType): ElementCodec {
  const own = new Uint8Array(type.itemsize);
  const store = simpleOver(type, own.buffer, 0, 1);
  const read = reader(store);
  const write = writer(store);
  const cast = casterTo(type);
  return {
    read(bytes, at) {
      // Copying a few bytes is quicker than making a view of them.
      if (own.length > 64) own.set(bytes.subarray(at, at + own.length));
      else for (let i = 0; i < own.length; i++) own[i] = bytes[at + i] as number;
      return read(0);
    },
    write(bytes, at, value) {
      write(0, cast(value));
      bytes.set(own, at);
    },
  };
}

function structCodec(fields: readonly Field[]): ElementCodec {
  const codecs = fields.map(({ name, type, offset }) => ({ name, offset, ...codecOf(type) }));
  return {
    // Object.fromEntries makes own properties whatever their names, `__proto__` included.
    read: (bytes, at) => Object.fromEntries(codecs.map(({ name, offset, read }) => [name, read(bytes, at + offset)])),
    write: (bytes, at, value) => {
      const values = fieldValues(value, codecs);
      for (const [i, { offset, write }] of codecs.entries()) write(bytes, at + offset, values[i]);
    },
  };
}

/** Returns the values of the fields, which are given by name or as a list. */
function fieldValues(value: unknown, fields: readonly { readonly name: string }[]): unknown[] {
  if (Array.isArray(value)) {
    if (value.length === fields.length) return value;
    const message = `npy: expected a value for each of ${fields.length} fields, got ${value.length} values`;
    throw new NpyError('NPY_VALUE', message, { expected: fields.length, actual: value.length });
  }
  if (typeof value !== 'object' || value === null) throw cannotHold('struct', value);
  return fields.map(({ name }) => {
    if (Object.hasOwn(value, name)) return (value as Record<string, unknown>)[name];
    throw new NpyError('NPY_VALUE', `npy: no value for the field ${quoted(name)}`, { field: name });
  });
}

function subarrayCodec({ type, shape }: NonNullable<DType['subarray']>): ElementCodec {
  const codec = codecOf(type);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)) * type.itemsize);
  const read = (bytes: Uint8Array, at: number, axis: number): unknown =>
    axis === shape.length
      ? codec.read(bytes, at)
      : Array.from({ length: shape[axis] ?? 0 }, (_, i) => read(bytes, at + i * (strides[axis] ?? 0), axis + 1));
  const write = (bytes: Uint8Array, at: number, value: unknown, axis: number): void => {
    if (axis === shape.length) codec.write(bytes, at, value);
    else
      for (const [i, item] of rowOf(value, axis).entries()) write(bytes, at + i * (strides[axis] ?? 0), item, axis + 1);
  };
  const rowOf = (value: unknown, axis: number): readonly unknown[] => {
    const row = Array.isArray(value) ? value : numberOfStore(value) && Array.from(value as Uint8Array);
    if (row && row.length === shape[axis]) return row;
    const found = row ? `${row.length} values` : typeof value;
    const message = `npy: a field of shape (${shape}) takes ${shape[axis]} values on axis ${axis}, not ${found}`;
    throw new NpyError('NPY_VALUE', message, { shape, axis, value });
  };
  return {
    read: (bytes, at) => read(bytes, at, 0),
    write: (bytes, at, value) => write(bytes, at, value, 0),
  };
}
