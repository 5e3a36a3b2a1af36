// The entry @bridge/npy/numeric decodes the same file: it reads numbers in NumPy's own spelling, and refuses every file that the
// core refuses.
import { encode, isNpyError, type Limits, type NpyView } from '../src/core.ts';
import * as numeric from '../src/numeric.ts';
import type { Ours } from './ours.ts';

/** @returns a sentence about the first difference */
export function numericDiffers(file: Uint8Array, core: Ours, limits: Partial<Limits>): string | undefined {
  const view = readNumbers(file, limits);
  if (typeof view === 'string') return refusalDiffers(view, file, core);
  if (core.outcome !== 'array') return 'numeric reads what the core refuses';
  const { dtype, shape, stride } = core.view;
  if (view.dtype !== dtype) return `numeric reads ${view.dtype}, the core ${dtype}`;
  const lies = JSON.stringify([view.shape, view.stride]);
  if (lies !== JSON.stringify([shape, stride]))
    return `numeric reads ${lies}, the core ${JSON.stringify([shape, stride])}`;
  const options = { descr: core.header.descr };
  return Buffer.compare(numeric.encode(view, options), encode(core.view, options)) === 0
    ? undefined
    : 'numeric writes other bytes than the core';
}

/** Returns the array, or the code of the error. */
function readNumbers(file: Uint8Array, limits: Partial<Limits>): NpyView | string {
  try {
    return numeric.decode(file, { limits });
  } catch (error) {
    if (!isNpyError(error)) throw error;
    return error.code;
  }
}

/** This entry refuses dtypes that are not numbers, and other spellings of numbers, before it reads the shape. */
function refusalDiffers(code: string, file: Uint8Array, core: Ours): string | undefined {
  if (core.outcome === 'array') {
    const descr = String(core.header.descr);
    const isNumber = /^[<>|]([biu]|f[248]$|c(8|16)$)/.test(descr);
    const isWritten = Buffer.from(file).toString('latin1').includes(`'descr': '${descr}', `);
    return (isNumber && isWritten) || code !== 'NPY_DESCR'
      ? `numeric refuses with ${code} what the core reads`
      : undefined;
  }
  const given = isNpyError(core.error) ? core.error.code : '';
  return code === given || code === 'NPY_DESCR' ? undefined : `numeric refuses with ${code}, the core with ${given}`;
}
