// Marks for the writer, on what Python makes anew whenever it pickles an object: such a str or bytes is never one that
// stands elsewhere in the pickle, however equal. They occur in generated arguments only, never in a user's values.
import type { PyStr } from '../values/builtins.ts';

/** A str made for this occurrence. Of one Latin-1 character, or none, Python has only one. */
export class FreshText {
  readonly text: string | PyStr;

  constructor(text: string | PyStr) {
    this.text = text;
  }
}

/** Bytes made for this occurrence, of whatever length. */
export class FreshBytes {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}
