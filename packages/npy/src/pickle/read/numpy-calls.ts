// Replaces calls of NumPy's functions that make arrays and scalars.

import { emptyArray, NumpyArray, NumpyScalar } from '../numpy/numpy-array.ts';
import { NumpyDType } from '../numpy/numpy-dtype.ts';
import type { ReadContext } from '../pickle-error.ts';
import { PyTuple } from '../values/builtin-classes.ts';
import { isNamed, required } from './call-arguments.ts';
import { latin1Data } from './latin1-bytes.ts';

/** The names of ndarray, and of its subclasses that have the state of an ndarray. All are read as ndarrays. */
export const ARRAYS: readonly string[] = [
  ...['numpy.ndarray', 'numpy.matrix', 'numpy.memmap', 'numpy.recarray', 'numpy.rec.recarray'],
  ...['numpy.chararray', 'numpy.char.chararray'],
];

/** The letter `b`, which stands for int8. */
const INT8 = 0x62;

/** Does what `_reconstruct(numpy.ndarray, (0,), b'b')` does. */
export function reconstructArray(args: PyTuple, context: ReadContext): NumpyArray {
  const [cls, shape, type] = args;
  const isEmpty = shape instanceof PyTuple && shape.length === 1 && shape[0] === 0;
  const isByte = latin1Data(type, context)?.[0] === INT8;
  const fits = args.length === 3 && ARRAYS.some((name) => isNamed(cls, name)) && isEmpty && isByte;
  return required(fits ? emptyArray() : undefined, '_reconstruct: numpy.ndarray, (0,), "b"', args, context);
}

/** Makes a scalar. */
export function scalar(args: PyTuple, context: ReadContext): NumpyScalar {
  const [dtype, content] = args;
  const data = content instanceof NumpyArray ? content : latin1Data(content, context);
  if (args.length !== 2 || !(dtype instanceof NumpyDType)) throw context.fail('expected the dtype of a scalar');
  dtype.seal();
  if (data && NumpyScalar.fits(dtype, data)) return new NumpyScalar(dtype, data);
  throw context.fail(`expected the ${dtype.itemsize} bytes of a scalar`);
}
