// @bridge/npy/pickle: arrays of Python objects, read and written without Python, and without ever running anything.

export { type ArrayParts, NumpyArray, NumpyScalar } from './numpy/array.ts';
export { type Extent, NumpyDType, type NumpyDTypeOptions } from './numpy/dtype.ts';
export { type PickleCodec, type PickledArray, type PickleOptions, type PickleSource, pickle } from './pickle.ts';
export { type ClockFields, PyDate, PyDateTime, PyTime, PyTimeDelta, PyTimeZone } from './values/datetime.ts';
export { PyDecimal, PyFloat, PyFraction } from './values/numbers.ts';
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
} from './values/python.ts';
export { fromView, toElement, toView } from './views.ts';
