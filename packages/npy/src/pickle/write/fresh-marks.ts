// Marks for strs and bytes that Python creates while it pickles an object. They are never shared with equal ones elsewhere in the pickle.
// Marks are only in arguments that this package generates, never in a caller's values.
import type { PyStr } from '../values/builtin-classes.ts';

/** A str created for this place. Not used for the empty str and those of one Latin-1 character, which Python shares. */
export class FreshText {
  readonly text: string | PyStr;

  constructor(text: string | PyStr) {
    this.text = text;
  }
}

/** Bytes of any length created for this place. */
export class FreshBytes {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}
