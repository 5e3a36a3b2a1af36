// Compares encoded bytes with those of np.save: for an array that was read, and for one that was made over the same memory.
import { allocateStore, type Descr, encode, encodeInto, type NpyVersion, type NpyView } from '../src/core.ts';
import type { Case, FileCase } from './case.ts';
import type { NumpyArray } from './numpy/answer.ts';
import { type Header, valuesOf } from './ours.ts';
import { valuesDiffer } from './tokens.ts';

/** Larger arrays are not encoded again. */
const MAX_SAVED = 65_536;

/** Compares what encode writes for a decoded array with what np.save writes for it. */
export function writtenAgainDiffers(
  asked: FileCase,
  header: Header,
  view: NpyView,
  numpy: NumpyArray,
): string | undefined {
  if (numpy.file.length === 0 || view.shape.reduce((a, b) => a * b, 1) > MAX_SAVED) return undefined;
  if (asked.ask === 'load')
    return bytesDiffer('written again', encode(view, { descr: header.descr }), numpy, view.shape);
  const alone = isForeign(header.descr) || asked.array.version !== undefined;
  return (
    bytesDiffer('written again by its header', encode(view, header), numpy, view.shape) ??
    (alone ? undefined : bytesDiffer('written again', encode(view), numpy, view.shape))
  );
}

/** Makes the array that NumPy was asked to make, over the same memory. */
export function writingDiffers({ array, pattern }: Case & { ask: 'save' }, numpy: NumpyArray): string | undefined {
  const { version, strides, shape, offset, order } = array;
  // The elements of a store lie at multiples of their size and have the native byte order. No store holds other arrays.
  if (array.shift !== 0 || order !== undefined || isForeign(numpy.descr)) return undefined;
  const itemsize = itemsizeOf(numpy.kind);
  const last = shape.reduce((end, size, axis) => end + Math.max(0, (size - 1) * (strides[axis] ?? 0)), offset);
  const data = allocateStore(numpy.descr, shape.includes(0) ? offset + 1 : last + 1);
  const bytes = bytesOf(data);
  for (let i = 0; i < bytes.length; i++) bytes[i] = pattern[i % pattern.length] as number;
  if (bytes.length !== itemsize * data.length)
    return `allocateStore(${JSON.stringify(numpy.descr)}) has ${bytes.length} bytes`;
  const view = { data, shape, stride: strides, offset } as NpyView;
  const direct = encode(view, version ? { version } : {});
  return (
    bytesDiffer('np.save of the same memory', direct, numpy, shape) ??
    valuesDiffer('values of the same memory', valuesOf(view, numpy.descr), numpy.values) ??
    intoDiffers(view, direct, version)
  );
}

function intoDiffers(view: NpyView, expected: Uint8Array, version: NpyVersion | undefined): string | undefined {
  const target = new Uint8Array(expected.length + 3);
  const length = encodeInto(view, target, version ? { version } : {});
  const same = Buffer.compare(target.subarray(0, length), expected) === 0;
  return same ? undefined : 'encodeInto differs from encode';
}

function bytesDiffer(
  what: string,
  ours: Uint8Array,
  { file, mask }: NumpyArray,
  shape: readonly number[],
): string | undefined {
  if (Buffer.compare(ours, file) === 0) return undefined;
  if (ours.length !== file.length)
    return `${what}: ${ours.length} bytes, NumPy's are ${file.length}: ${headOf(ours)} ${headOf(file)}`;
  const start = mask ? file.length - mask.length * shape.reduce((a, b) => a * b, 1) : file.length;
  for (let i = 0; i < file.length; i++) {
    const counts = mask === undefined || i < start || mask[(i - start) % mask.length] !== 0;
    if (counts && ours[i] !== file[i])
      return `${what}: byte ${i} is ${ours[i]}, NumPy's is ${file[i]}: ${headOf(ours)} ${headOf(file)}`;
  }
  return undefined;
}

function bytesOf(data: NpyView['data']): Uint8Array {
  const memory = ArrayBuffer.isView(data) ? data : (data as { raw: Uint8Array }).raw;
  return new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength);
}

/** Returns the itemsize of a kind and size in NumPy's spelling, such as `V12`. */
function itemsizeOf(kind: string): number {
  return Number(kind.slice(1));
}

/** Returns whether any word is big-endian. */
function isForeign(descr: Descr): boolean {
  if (typeof descr === 'string') return descr.startsWith('>');
  return descr.some((field) => Array.isArray(field) && typeof field[1] !== 'number' && isForeign(field[1] as Descr));
}

function headOf(file: Uint8Array): string {
  return JSON.stringify(Buffer.from(file.subarray(0, 160)).toString('latin1').trimEnd());
}
