// The rows of the tables in this folder: a malformed file, its name, and the code of its error. Functions make rows from spellings.
import type { NpyErrorCode } from '../../../src/core.ts';
import { fileWithHeader, headerText } from '../../support/npy-files.ts';

export interface Malformed {
  readonly name: string;
  readonly file: Uint8Array;
  readonly code: NpyErrorCode;
}

/** The data of the files: enough that a header which is accepted by mistake is not refused for missing data. */
export const DATA: Uint8Array = new Uint8Array(4096).map((_, i) => (i * 7) & 0xff);
/** A valid header. */
export const GOOD: string = headerText();

export function rows(code: NpyErrorCode, files: readonly (readonly [name: string, file: Uint8Array])[]): Malformed[] {
  return files.map(([name, file]) => ({ name, file, code }));
}

/** Returns a row for each header text, named after the text. */
export function texts(code: NpyErrorCode, list: readonly string[]): Malformed[] {
  return list.map((text) => ({ name: named(text), file: fileWithHeader(text, 1, DATA), code }));
}

function named(text: string): string {
  const shown = JSON.stringify(text);
  return shown.length > 120 ? `${shown.slice(0, 100)}… of ${text.length} characters` : shown;
}

/** Splits lines of spellings, which two or more blanks separate. */
export function words(lines: string): string[] {
  return lines.trim().split(/ {2,}|\s*\n\s*/);
}

/** Returns a header for each spelling of the descr. */
export function descrs(...list: readonly string[]): string[] {
  return list.map((descr) => headerText({ descr }));
}

/** Returns a header for each spelling of the shape. */
export function shapes(...list: readonly string[]): string[] {
  return list.map((shape) => headerText({ shape }));
}
