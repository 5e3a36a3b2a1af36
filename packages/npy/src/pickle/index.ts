// @bridge/npy/pickle: reads and writes pickled arrays, and arrays of Python objects, without Python. Nothing that a pickle names is run.

// Functions for pickled arrays, as pickle.dumps writes them.

export {
  type DecodePickleOptions,
  decodePickle,
  type PickleHeader,
  type PickleHeaderOptions,
  readPickleHeader,
} from './decode-pickle.ts';
export { type EncodePickleOptions, encodePickle, encodePickleParts } from './encode-pickle.ts';

// The codec of object arrays in .npy files, for `decode` and `encode`.

export { type PickleCodec, type PickledArray, type PickleOptions, type PickleSource, pickle } from './pickle.ts';

// Classes for Python's values that JavaScript does not have.

export {
  PyByteArray,
  PyFrozenSet,
  PyGlobal,
  PyOrderedDict,
  PyRange,
  PySlice,
  PyStr,
  PyTuple,
  PyUuid,
  tuple,
} from './values/builtin-classes.ts';
export { type ClockFields, PyDate, PyDateTime, PyTime, PyTimeDelta, PyTimeZone } from './values/datetime.ts';
export { PyDecimal, PyFloat, PyFraction } from './values/numeric-values.ts';

// Classes and functions for NumPy's arrays and scalars inside of an object array.

export { type ArrayParts, NumpyArray, NumpyScalar } from './numpy/numpy-array.ts';
export { type Extent, NumpyDType, type NumpyDTypeOptions } from './numpy/numpy-dtype.ts';
export { fromView, toElement, toView } from './numpy-views.ts';
