// Reads a header's text in any spelling that NumPy reads: a Python literal, which must be a dictionary with exactly three keys.

import type { Limits } from '../arguments/limits.ts';
import { NpyError } from '../errors.ts';
import { type PythonLiteral, parsePythonLiteral } from '../python/literal.ts';
import { countCodePoints } from '../text/code-points.ts';
import { latin1 } from '../text/latin1.ts';
import { decodeUtf8 } from '../text/utf8.ts';

/** The values of the three keys of a header's dictionary. The descr is not parsed yet. */
export interface HeaderEntries<Descr> {
  readonly descr: Descr;
  readonly fortranOrder: boolean;
  readonly shape: number[];
}

/**
 * Decodes the text of a header, and parses the Python dictionary that it is.
 * @param bytes the text: latin-1 in versions 1 and 2 of the format, UTF-8 in version 3
 * @param major the format's major version
 * @throws NpyError NPY_HEADER, NPY_SHAPE, NPY_LIMIT
 */
export function readDictionary(bytes: Uint8Array, major: 1 | 2 | 3, limits: Limits): HeaderEntries<PythonLiteral> {
  const text = headerText(bytes, major);
  const characters = major === 3 ? countCodePoints(text) : 0;
  if (characters > limits.maxHeaderCharacters) throw tooLong(characters, limits);
  return entriesOf(parsePythonLiteral(text, major < 3));
}

/** Returns the error for a text of more characters than the limits allow. */
export function tooLong(characters: number, { maxHeaderCharacters }: Limits): NpyError {
  return new NpyError(
    'NPY_LIMIT',
    `npy header: ${characters} characters are more than the limit of ${maxHeaderCharacters}, limits.maxHeaderCharacters`,
    { characters, maxHeaderCharacters },
  );
}

function headerText(bytes: Uint8Array, major: number): string {
  if (major === 3) {
    try {
      return decodeUtf8(bytes);
    } catch (cause) {
      throw new NpyError('NPY_HEADER', 'npy header: version 3.0 must be UTF-8', {}, { cause });
    }
  }
  return latin1(bytes);
}

function entriesOf(literal: PythonLiteral): HeaderEntries<PythonLiteral> {
  if (literal === null || typeof literal !== 'object' || literal.kind !== 'dict') {
    throw new NpyError('NPY_HEADER', 'npy header: expected a dictionary');
  }
  const { entries } = literal;
  const descr = entries.get('descr');
  const order = entries.get('fortran_order');
  const shape = entries.get('shape');
  if (entries.size !== 3 || descr === undefined || order === undefined || shape === undefined) {
    throw new NpyError('NPY_HEADER', "npy header: expected the keys 'descr', 'fortran_order' and 'shape', no other", {
      keys: Array.from(entries.keys(), (key) => (typeof key === 'string' ? key : typeof key)),
    });
  }
  if (typeof order !== 'boolean') throw new NpyError('NPY_HEADER', 'npy header: fortran_order must be True or False');
  if (shape === null || typeof shape !== 'object' || shape.kind !== 'tuple') {
    throw new NpyError('NPY_HEADER', 'npy header: shape must be a tuple');
  }
  return { descr, fortranOrder: order, shape: shape.items.map(dimension) };
}

function dimension(value: PythonLiteral): number {
  if (typeof value !== 'bigint') throw new NpyError('NPY_HEADER', 'npy header: a dimension must be an integer');
  const size = Number(value);
  if (Object.is(size, -0)) return 0;
  if (!Number.isSafeInteger(size) || size < 0) {
    const shown = String(size) === String(value) ? size : `about ${size}`;
    throw new NpyError('NPY_SHAPE', `npy: a dimension of ${shown} is not between 0 and 2^53 - 1`, { dimension: value });
  }
  return size;
}
