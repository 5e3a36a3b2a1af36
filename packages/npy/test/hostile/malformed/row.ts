// The form of the tables here: a file, its name, and the code of its error.
import type { NpyErrorCode } from '../../../src/core.ts';
import { fileWithHeader, headerText } from '../../support/npy-files.ts';

export interface Malformed {
  readonly name: string;
  readonly file: Uint8Array;
  readonly code: NpyErrorCode;
}

/** Enough for every array that a mistake could let through. */
export const DATA: Uint8Array = new Uint8Array(4096).map((_, i) => (i * 7) & 0xff);
/** an invalid header of these. */
export const GOOD: string = headerText();

export function rows(code: NpyErrorCode, files: readonly (readonly [name: string, file: Uint8Array])[]): Malformed[] {
  return files.map(([name, file]) => ({ name, file, code }));
}

/** Headers that name themselves. */
export function texts(code: NpyErrorCode, list: readonly string[]): Malformed[] {
  return list.map((text) => ({ name: named(text), file: fileWithHeader(text, 1, DATA), code }));
}

function named(text: string): string {
  const shown = JSON.stringify(text);
  return shown.length > 120 ? `${shown.slice(0, 100)}… of ${text.length} characters` : shown;
}

/** A line of spellings, two blanks or more between them. */
export function words(lines: string): string[] {
  return lines.trim().split(/ {2,}|\s*\n\s*/);
}

/** A header for each spelling of the descr. */
export function descrs(...list: readonly string[]): string[] {
  return list.map((descr) => headerText({ descr }));
}

/** A header for each spelling of the shape. */
export function shapes(...list: readonly string[]): string[] {
  return list.map((shape) => headerText({ shape }));
}
