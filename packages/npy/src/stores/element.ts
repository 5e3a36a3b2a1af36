// One element anywhere in memory, at any alignment: how a dtype reads and writes it. What the fields of a structure are
// read and written by.
import type { DType, Field } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { sizeOf } from '../layout/shape.ts';
import { NATIVE_ORDER } from '../platform.ts';
import { readBytes, readVoid, writeBytes, writeVoid } from './bytes.ts';
import { casterTo } from './cast.ts';
import type { Complex } from './complex.ts';
import { halfToNumber, numberToHalf } from './float16.ts';
import { readLongDouble, writeLongDouble } from './longdouble.ts';
import { isComplex } from './number-cast.ts';
import { pointsOf, textOf } from './str.ts';

/** The same memory, twice. */
export interface Memory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Reads and writes one element that starts at byte `at`. */
export interface ElementCodec {
  read(memory: Memory, at: number): unknown;
  /** @throws NpyError NPY_VALUE when the dtype cannot hold `value` */
  write(memory: Memory, at: number, value: unknown): void;
}

const LITTLE = NATIVE_ORDER === '<';

/** The codec of a dtype in native byte order. */
export function elementCodec(type: DType): ElementCodec {
  const { kind, itemsize, fields, subarray } = type;
  if (subarray) return subarrayCodec(subarray.type, subarray.shape);
  if (fields) return structCodec(fields);
  switch (kind) {
    case 'S':
      return {
        read: ({ bytes }, at) => readBytes(bytes, at, itemsize),
        write: ({ bytes }, at, value) => writeBytes(bytes, at, itemsize, value),
      };
    case 'V':
      return {
        read: ({ bytes }, at) => readVoid(bytes, at, itemsize),
        write: ({ bytes }, at, value) => writeVoid(bytes, at, itemsize, value),
      };
    case 'U':
      return strCodec(itemsize / 4);
    case 'c':
      return complexCodec(type);
    default:
      return numberCodec(type);
  }
}

function strCodec(width: number): ElementCodec {
  return {
    read: ({ view }, at) => textOf(width, (i) => view.getUint32(at + 4 * i, LITTLE)),
    write: ({ view }, at, value) => {
      for (const [i, point] of pointsOf(value, width).entries()) view.setUint32(at + 4 * i, point, LITTLE);
    },
  };
}

function numberCodec(type: DType): ElementCodec {
  const cast = casterTo(type);
  const [read, write] = accessors(type);
  return {
    read: ({ view }, at) => read(view, at),
    write: ({ view }, at, value) => write(view, at, cast(value)),
  };
}

type Read = (view: DataView, at: number) => unknown;
type Write = (view: DataView, at: number, value: unknown) => void;

/** What a DataView calls numbers of a kind and size. The counts of times are integers of eight bytes. */
const WORDS = {
  i1: 'Int8',
  u1: 'Uint8',
  i2: 'Int16',
  u2: 'Uint16',
  i4: 'Int32',
  u4: 'Uint32',
  i8: 'BigInt64',
  u8: 'BigUint64',
  f4: 'Float32',
  f8: 'Float64',
  M8: 'BigInt64',
  m8: 'BigInt64',
} as const;

function accessors({ kind, itemsize }: DType): [Read, Write] {
  const name = kind + itemsize;
  if (name === 'f16') return [readLongDouble, writeLongDouble];
  if (name === 'f2') {
    return [
      (view, at) => halfToNumber(view.getUint16(at, LITTLE)),
      (view, at, value) => view.setUint16(at, numberToHalf(value as number), LITTLE),
    ];
  }
  if (name === 'b1')
    return [(view, at) => view.getUint8(at) !== 0, (view, at, value) => view.setUint8(at, Number(value))];
  const word = WORDS[name as keyof typeof WORDS];
  const get: (at: number, little: boolean) => unknown = DataView.prototype[`get${word}`];
  const set: (at: number, value: never, little: boolean) => void = DataView.prototype[`set${word}`];
  return [
    (view, at) => get.call(view, at, LITTLE),
    // The caster has made it what this setter takes.
    (view, at, value) => set.call(view, at, value as never, LITTLE),
  ];
}

function complexCodec(type: DType): ElementCodec {
  const cast = casterTo(type);
  const half = type.itemsize / 2;
  const [read, write] = accessors({ ...type, kind: 'f', itemsize: half });
  return {
    read: ({ view }, at): Complex => ({ re: Number(read(view, at)), im: Number(read(view, at + half)) }),
    write: ({ view }, at, value) => {
      const number = cast(value);
      if (!isComplex(number)) throw unheld(type.name, value);
      write(view, at, number.re);
      write(view, at + half, number.im);
    },
  };
}

function structCodec(fields: readonly Field[]): ElementCodec {
  const codecs = fields.map(({ name, type, offset }) => ({ name, offset, ...elementCodec(type) }));
  return {
    // Own properties whatever their names.
    read: (memory, at) => Object.fromEntries(codecs.map(({ name, offset, read }) => [name, read(memory, at + offset)])),
    write: (memory, at, value) => {
      const values = fieldValues(value, codecs);
      for (const [i, { offset, write }] of codecs.entries()) write(memory, at + offset, values[i]);
    },
  };
}

/** By name, or one behind the other. */
function fieldValues(value: unknown, fields: readonly { readonly name: string }[]): unknown[] {
  if (Array.isArray(value)) {
    if (value.length === fields.length) return value;
    throw new NpyError('NPY_VALUE', `npy: expected a value for each of ${fields.length} fields, got ${value.length}`, {
      expected: fields.length,
      actual: value.length,
    });
  }
  if (typeof value !== 'object' || value === null) throw unheld('struct', value);
  return fields.map(({ name }) => {
    if (Object.hasOwn(value, name)) return (value as Record<string, unknown>)[name];
    throw new NpyError('NPY_VALUE', `npy: no value for the field ${JSON.stringify(name)}`, { field: name });
  });
}

/** Elements of no bytes may be more than anybody wants to see. */
const MAX_EMPTY = 1_000_000;

function subarrayCodec(type: DType, shape: readonly number[]): ElementCodec {
  const codec = elementCodec(type);
  if (type.itemsize === 0 && sizeOf(shape) > MAX_EMPTY) {
    throw new NpyError('NPY_LIMIT', `npy: a field of shape (${shape}) without bytes is too large to read`, { shape });
  }
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)) * type.itemsize);
  const read = (memory: Memory, at: number, axis: number): unknown =>
    axis === shape.length
      ? codec.read(memory, at)
      : Array.from({ length: shape[axis] ?? 0 }, (_, i) => read(memory, at + i * (strides[axis] ?? 0), axis + 1));
  const write = (memory: Memory, at: number, value: unknown, axis: number): void => {
    if (axis === shape.length) codec.write(memory, at, value);
    else
      for (const [i, item] of rowOf(value, axis).entries())
        write(memory, at + i * (strides[axis] ?? 0), item, axis + 1);
  };
  const rowOf = (value: unknown, axis: number): readonly unknown[] => {
    const row = Array.isArray(value) ? value : ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : undefined;
    if (row && row.length === shape[axis]) return row;
    const found = row ? `${row.length} values` : typeof value;
    const message = `npy: a field of shape (${shape}) takes ${shape[axis]} values on axis ${axis}, not ${found}`;
    throw new NpyError('NPY_VALUE', message, { shape, axis, value });
  };
  return {
    read: (memory, at) => read(memory, at, 0),
    write: (memory, at, value) => write(memory, at, value, 0),
  };
}

function unheld(name: string, value: unknown): NpyError {
  return new NpyError('NPY_VALUE', `npy: ${name} cannot hold ${typeof value}`, { value });
}
