// Compares the answers of this package and of NumPy to a case, and returns the first difference in a sentence.
import { type Descr, IncrementalDecoder, isNpyError, type Limits } from '../src/core.ts';
import type { Case, FileCase } from './case.ts';
import { numericDiffers } from './numeric.ts';
import type { Answer, NumpyArray } from './numpy/answer.ts';
import { objectsDiffer } from './objects.ts';
import { numpyKind, type Ours, read, valuesOf } from './ours.ts';
import { valuesDiffer } from './tokens.ts';
import { writingDiffers, writtenAgainDiffers } from './written.ts';

/** A difference, and the two answers. `file` is the file that was read: the case's own, or the one that np.save wrote for it. */
export interface Difference {
  readonly what: string;
  readonly ours: Ours;
  readonly numpy: Answer;
  readonly file: Uint8Array | undefined;
}

/** @returns undefined if both answers agree, or if NumPy could not make the array */
export function compare(asked: Case, numpy: Answer): Difference | undefined {
  if (asked.ask === 'objects') return compareObjects(asked, numpy);
  const file = asked.ask === 'load' ? asked.file : numpy.outcome === 'array' ? numpy.file : undefined;
  if (!file) return undefined;
  // np.save can write headers that np.load refuses, of more than 10 000 characters.
  const limits = asked.ask === 'save' ? { maxHeaderCharacters: 1_000_000 } : {};
  const ours = read(file, limits);
  const what = attempted(() => whatDiffers(asked, file, ours, numpy, limits));
  return what === undefined ? undefined : { what, ours, numpy, file };
}

/** Python makes these arrays itself. If it cannot make one, for limits of its own, nothing is compared. */
function compareObjects(asked: Case & { ask: 'objects' }, numpy: Answer): Difference | undefined {
  if (numpy.outcome !== 'array') return undefined;
  const what = attempted(() => objectsDiffer(asked, numpy));
  const ours = { outcome: 'broken', error: what } as const;
  return what === undefined ? undefined : { what, ours, numpy, file: numpy.file };
}

function whatDiffers(
  asked: FileCase,
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

/** Runs a comparison. An array that was read must be usable without an error, so an error is a difference. */
function attempted(look: () => string | undefined): string | undefined {
  try {
    return look();
  } catch (error) {
    return `what was read cannot be used: ${stackOf(error)}`;
  }
}

type OurArray = Ours & { outcome: 'array' };

function arrayDiffers(
  asked: FileCase,
  file: Uint8Array,
  { header, view }: OurArray,
  numpy: NumpyArray,
  limits: Partial<Limits>,
): string | undefined {
  const kind = numpyKind(view) ?? numpy.kind;
  const values = valuesOf(view, header.descr);
  return (
    differs('dtype', kind, numpy.kind) ??
    differs('descr', text(header.descr), text(numpy.descr)) ??
    differs('shape', text(view.shape.map(String)), text(numpy.shape)) ??
    differs('shape of the header', text(header.shape), text(view.shape)) ??
    valuesDiffer('values', values, numpy.values) ??
    writtenAgainDiffers(asked, header, view, numpy) ??
    chunksDiffer(file, values, header.descr, limits)
  );
}

/** Decodes the same file in at most fifty chunks. */
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

function differs(what: string, ours: string, numpys: string): string | undefined {
  return ours === numpys ? undefined : `${what}: ${ours}, NumPy's is ${numpys}`;
}

const text = (value: unknown): string => JSON.stringify(value);

function said(ours: Ours): string {
  return ours.outcome === 'array' ? 'an array' : isNpyError(ours.error) ? ours.error.code : String(ours.error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
