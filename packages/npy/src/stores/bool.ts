// Booleans: one byte each, 0 or 1. Any other byte reads as true and is kept.

import { cannotHold } from './check-value.ts';
import { MemoryStore } from './memory-store.ts';

/** A store of `bool` elements: one byte each. */
export class BoolStore extends MemoryStore<boolean, Uint8Array> {
  readonly dtype = 'bool';

  constructor(raw: Uint8Array | number) {
    super(raw, 1, Uint8Array);
  }

  get(index: number): boolean {
    return this.raw[this.firstWord(index)] !== 0;
  }

  set(index: number, value: boolean): void {
    const at = this.firstWord(index);
    if (typeof value !== 'boolean') throw cannotHold('bool', value);
    this.raw[at] = value ? 1 : 0;
  }
}
