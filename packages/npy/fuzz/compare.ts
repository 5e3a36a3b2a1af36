// Holds what this package makes of a case against what NumPy makes of it. Answers the first difference, in a sentence.
import {
  allocateStore,
  type Descr,
  encode,
  encodeInto,
  IncrementalDecoder,
  isNpyError,
  type Limits,
  type NpyVersion,
  type NpyView,
} from '../src/core.ts';
import type { Case } from './case.ts';
import { numericDiffers } from './numeric.ts';
import type { Answer, NumpyArray } from './numpy/answer.ts';
import { type Ours, read, valuesOf } from './ours.ts';
import { sameTokens } from './tokens.ts';

/** What differs, and between which answers. `file` is what was read: the case's own, or what np.save wrote for it. */
export interface Difference {
  readonly what: string;
  readonly ours: Ours;
  readonly numpy: Answer;
  readonly file: Uint8Array | undefined;
}

/** Arrays of more elements are not written again. */
const MAX_SAVED = 65_536;

/** @returns undefined where both say the same; an array that NumPy could not make is nothing to compare */
export function compare(asked: Case, numpy: Answer): Difference | undefined {
  const file = asked.ask === 'load' ? asked.file : numpy.outcome === 'array' ? numpy.file : undefined;
  if (!file) return undefined;
  // What np.save wrote it may refuse to load: a header of more than 10 000 characters.
  const limits = asked.ask === 'save' ? { maxHeaderCharacters: 1_000_000 } : {};
  const ours = read(file, limits);
  const what = attempted(() => whatDiffers(asked, file, ours, numpy, limits));
  return what === undefined ? undefined : { what, ours, numpy, file };
}

function whatDiffers(
  asked: Case,
  file: Uint8Array,
  ours: Ours,
  numpy: Answer,
  limits: Partial<Limits>,
): string | undefined {
  if (ours.outcome === 'broken') return `not an NpyError of the right fault: ${stackOf(ours.error)}`;
  const entries = numericDiffers(file, ours, limits);
  if (entries !== undefined) return entries;
  if (numpy.outcome === 'died') return `NumPy died (${numpy.reason}), ours: ${said(ours)}`;
  if (numpy.outcome === 'refused')
    return ours.outcome === 'refused' ? undefined : `read here, refused by NumPy: ${numpy.error}`;
  if (ours.outcome === 'refused') return `refused here, read by NumPy: ${ours.error.code} ${ours.error.message}`;
  return (
    arrayDiffers(asked, file, ours, numpy, limits) ?? (asked.ask === 'save' ? writingDiffers(asked, numpy) : undefined)
  );
}

/** Nothing may be thrown by what is done with an array that was read. */
function attempted(look: () => string | undefined): string | undefined {
  try {
    return look();
  } catch (error) {
    return `what was read cannot be used: ${stackOf(error)}`;
  }
}

type OurArray = Ours & { outcome: 'array' };

function arrayDiffers(
  asked: Case,
  file: Uint8Array,
  { header, view }: OurArray,
  numpy: NumpyArray,
  limits: Partial<Limits>,
): string | undefined {
  const kind = kindOf(view, numpy);
  const values = valuesOf(view, header.descr);
  return (
    differs('dtype', kind, numpy.kind) ??
    differs('descr', text(header.descr), text(numpy.descr)) ??
    differs('shape', text(view.shape.map(String)), text(numpy.shape)) ??
    differs('shape of the header', text(header.shape), text(view.shape)) ??
    valuesDiffer('values', values, numpy.values) ??
    writtenAgainDiffers(asked, { header, view, outcome: 'array' }, numpy) ??
    chunksDiffer(file, values, header.descr, limits)
  );
}

/** NumPy's kind and itemsize of what was read here. */
function kindOf({ dtype, data }: NpyView, numpy: NumpyArray): string {
  const fixed: Readonly<Record<string, string>> = {
    ...{
      bool: 'b1',
      int8: 'i1',
      int16: 'i2',
      int32: 'i4',
      int64: 'i8',
      uint8: 'u1',
      uint16: 'u2',
      uint32: 'u4',
      uint64: 'u8',
    },
    ...{
      float16: 'f2',
      float32: 'f4',
      float64: 'f8',
      longdouble: 'f16',
      complex64: 'c8',
      complex128: 'c16',
      clongdouble: 'c32',
    },
    ...{ datetime64: 'M8', timedelta64: 'm8' },
  };
  const known = fixed[dtype];
  if (known !== undefined) return known;
  if (dtype === 'bytes' || dtype === 'void')
    return `${dtype === 'bytes' ? 'S' : 'V'}${(data as { itemsize: number }).itemsize}`;
  if (dtype === 'str') return `U${4 * (data as { width: number }).width}`;
  // What a structure has of bytes is held against NumPy by its descr.
  return dtype === 'struct' ? numpy.kind : dtype;
}

/** What encode writes for the array that decode made, against what np.save wrote of it or writes for the one of np.load. */
function writtenAgainDiffers(asked: Case, { header, view }: OurArray, numpy: NumpyArray): string | undefined {
  if (numpy.file.length === 0 || view.shape.reduce((a, b) => a * b, 1) > MAX_SAVED) return undefined;
  if (asked.ask === 'load')
    return bytesDiffer('written again', encode(view, { descr: header.descr }), numpy, view.shape);
  const alone = isForeign(header.descr) || asked.array.version !== undefined;
  return (
    bytesDiffer('written again by its header', encode(view, header), numpy, view.shape) ??
    (alone ? undefined : bytesDiffer('written again', encode(view), numpy, view.shape))
  );
}

/** The array that NumPy was told to make, made here on the same memory. */
function writingDiffers({ array, pattern }: Case & { ask: 'save' }, numpy: NumpyArray): string | undefined {
  const { version, strides, shape, offset, order } = array;
  // Elsewhere than at multiples of an element no store has elements, and the words of stores are native.
  if (array.shift !== 0 || order !== undefined || isForeign(numpy.descr)) return undefined;
  const itemsize = itemsizeOf(numpy.kind);
  const last = shape.reduce((end, size, axis) => end + Math.max(0, (size - 1) * (strides[axis] ?? 0)), offset);
  const data = allocateStore(numpy.descr, shape.includes(0) ? offset + 1 : last + 1);
  const bytes = bytesOf(data);
  for (let i = 0; i < bytes.length; i++) bytes[i] = pattern[i % pattern.length] as number;
  if (bytes.length !== itemsize * data.length) return `allocateStore(${text(numpy.descr)}) has ${bytes.length} bytes`;
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

/** The same file in chunks, fifty at most. */
function chunksDiffer(
  file: Uint8Array,
  values: readonly string[],
  descr: Descr,
  limits: Partial<Limits>,
): string | undefined {
  const size = 1 + Math.max(file.length % 97, Math.floor(file.length / 50));
  const decoder = new IncrementalDecoder({ limits });
  for (let start = 0; start < file.length; start += size) {
    const found = decoder.push(file.subarray(start, start + size));
    if (found) return valuesDiffer('values by chunks', valuesOf(found, descr), values);
  }
  return 'no array by chunks';
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

function valuesDiffer(what: string, ours: readonly string[], numpys: readonly string[]): string | undefined {
  if (numpys[0] === '?') return undefined;
  if (ours.length !== numpys.length) return `${what}: ${ours.length} of them, NumPy's are ${numpys.length}`;
  const at = ours.findIndex((value, i) => !sameTokens(value, numpys[i] as string));
  return at < 0 ? undefined : `${what}: element ${at} is ${ours[at]}, NumPy's is ${numpys[at]}`;
}

function differs(what: string, ours: string, numpys: string): string | undefined {
  return ours === numpys ? undefined : `${what}: ${ours}, NumPy's is ${numpys}`;
}

const text = (value: unknown): string => JSON.stringify(value);

function bytesOf(data: NpyView['data']): Uint8Array {
  const memory = ArrayBuffer.isView(data) ? data : (data as { raw: Uint8Array }).raw;
  return new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength);
}

/** Of NumPy's own kind and size: `V12`. */
function itemsizeOf(kind: string): number {
  return Number(kind.slice(1));
}

/** Whether some word is big-endian. */
function isForeign(descr: Descr): boolean {
  if (typeof descr === 'string') return descr.startsWith('>');
  return descr.some((field) => Array.isArray(field) && isForeign(field[1] as Descr));
}

function headOf(file: Uint8Array): string {
  return JSON.stringify(Buffer.from(file.subarray(0, 160)).toString('latin1').trimEnd());
}

function said(ours: Ours): string {
  return ours.outcome === 'array' ? 'an array' : isNpyError(ours.error) ? ours.error.code : String(ours.error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
