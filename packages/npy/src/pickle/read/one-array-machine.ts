// The pickle machine for one array of numbers, text or records from a peer that is not trusted. The bytes of the array are not copied. An
// array of objects is refused when its dtype is read, before any object is read. The number of opcodes is limited, since a value can take
// up to 350 bytes of memory for one byte of the pickle.

import { NpyError } from '../../errors.ts';
import { NumpyDType } from '../numpy/numpy-dtype.ts';
import { kindOf, pickleError } from '../pickle-error.ts';
import { Machine } from './machine.ts';
import type { Python2Encoding } from './unpickled.ts';

/** The most opcodes of a pickle. An array needs about 60, and each field of a structured dtype about 12. */
export const MAX_ARRAY_OPCODES = 65_536;

/** The machine that reads one array. */
export class OneArrayMachine extends Machine {
  #opcodes = 0;

  constructor(bytes: Uint8Array, encoding?: Python2Encoding) {
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

  override call(way: 'call' | 'create', callableAndArgs: readonly unknown[]): void {
    super.call(way, callableAndArgs);
    const value = this.stack.top();
    if (value instanceof NumpyDType && value.hasObject) throw objectsNotAsked();
  }
}

/** Returns the error for an array of objects that was not asked for. */
function objectsNotAsked(): NpyError {
  const message = 'npy: the pickle is an array of objects: { objects: true } reads it';
  return new NpyError('NPY_OBJECTS', message, { descr: '|O' });
}
