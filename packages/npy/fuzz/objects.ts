// Compares object arrays: the meaning of the pickle, and the bytes that are written again. A damaged pickle must give a value or an
// NpyError. NumPy does not get damaged pickles, because it would run the functions that they name.
import { decode, encode, isNpyError, readHeader } from '../src/core.ts';
import { pickle } from '../src/pickle/pickle.ts';
import { meaningOf } from '../test/pickle/meaning.ts';
import type { Case, Damage } from './case.ts';
import type { NumpyArray } from './numpy/answer.ts';

const limits = { maxHeaderCharacters: 1_000_000 };

/** @returns a sentence about the first difference from what np.save wrote and np.load read */
export function objectsDiffer(
  { damages }: Case & { ask: 'objects' },
  { file, values }: NumpyArray,
): string | undefined {
  const header = readHeader(file, limits);
  if (!header) return 'no header';
  const meant: unknown = JSON.parse(values[0] ?? 'null');
  const read = meaningOf(pickle.decode(file.subarray(header.dataOffset)).source.array);
  if (JSON.stringify(read) !== JSON.stringify(meant)) {
    const [ours, numpys] = [withoutPayloads(read), withoutPayloads(meant)];
    if (ours !== numpys) return `values: ${around(ours, numpys)}`;
  }
  const view = decode(file, { objects: pickle, limits });
  const again = encode(view, { ...header, objects: pickle });
  if (Buffer.compare(again, file) !== 0) return `written again: ${again.length} bytes, NumPy's are ${file.length}`;
  return damagedDiffer(damages.reduce(damaged, file));
}

/** A complex number is read as two JavaScript numbers, in which all NaNs are equal; the bits are written again all the same. */
function withoutPayloads(meaning: unknown): string {
  const isNaN64 = (bits: unknown): boolean => /^[7f]ff/.test(String(bits)) && !/^[7f]ff0{13}$/.test(String(bits));
  return JSON.stringify(meaning, (_, part: unknown) =>
    Array.isArray(part) && part[0] === 'complex' ? part.map((bits) => (isNaN64(bits) ? 'nan' : bits)) : part,
  );
}

function damagedDiffer(file: Uint8Array): string | undefined {
  try {
    decode(file, { objects: pickle, limits });
  } catch (error) {
    if (!isNpyError(error)) return `damaged, not an NpyError: ${error instanceof Error ? error.stack : String(error)}`;
  }
  return undefined;
}

function damaged(file: Uint8Array, { at, bytes, cut }: Damage): Uint8Array {
  // The pickle lies behind the header.
  const start = Math.min(128, file.length);
  const i = start + (at % (file.length - start + 1));
  return Buffer.concat([file.subarray(0, i), bytes, file.subarray(i + cut)]);
}

/** Returns the parts of two texts around their first difference. */
function around(ours: string, numpys: string): string {
  let at = 0;
  while (ours[at] === numpys[at]) at++;
  const from = Math.max(0, at - 40);
  return `${ours.slice(from, at + 60)}, NumPy's is ${numpys.slice(from, at + 60)}`;
}
