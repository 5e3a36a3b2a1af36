// The pickle machine for one array of numbers, text or records, from a peer that is not trusted. Its bytes stay where they lie.
// An array of objects is refused when its dtype is read, before any of the objects is; and a pickle of anything else may have so
// many opcodes, since a value takes up to 350 bytes of memory for the byte that asks for it.

import { NpyError } from '../../errors.ts';
import { NumpyDType } from '../numpy/numpy-dtype.ts';
import { kindOf, pickleError } from '../pickle-error.ts';
import { Machine, type OldEncoding } from './machine.ts';

/** An array takes about 60, and each field of a structured dtype about 12. */
export const MAX_ARRAY_OPCODES = 65_536;

export class ArrayMachine extends Machine {
  #opcodes = 0;

  constructor(bytes: Uint8Array, encoding?: OldEncoding) {
    super(bytes, Number.POSITIVE_INFINITY, encoding);
  }

  override next(): number {
    if (++this.#opcodes > MAX_ARRAY_OPCODES) {
      const found = kindOf(this.stack.bottom);
      const message = `expected a pickled array, got ${found} with more than ${MAX_ARRAY_OPCODES} opcodes`;
      throw pickleError(message, { found, maxOpcodes: MAX_ARRAY_OPCODES });
    }
    return super.next();
  }

  override keep(bytes: Uint8Array): Uint8Array {
    return bytes;
  }

  override call(way: 'call' | 'create', from: readonly unknown[]): void {
    super.call(way, from);
    const made = this.stack.top();
    if (made instanceof NumpyDType && made.hasObject) throw refusedObjects();
  }
}

/** An array of objects came and was not asked for. */
function refusedObjects(): NpyError {
  const message = 'npy: the pickle is an array of objects: { objects: true } reads it';
  return new NpyError('NPY_OBJECTS', message, { descr: '|O' });
}
