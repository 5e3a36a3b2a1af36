// Translates the names of older versions of Python and NumPy to those of Python 3 and NumPy 2, which globals.ts knows.
import { PyGlobal } from '../values/builtin-classes.ts';
import { lookUpGlobal } from './globals.ts';

const MODULES: Readonly<Record<string, string>> = {
  __builtin__: 'builtins',
  copy_reg: 'copyreg',
  'numpy.core.multiarray': 'numpy._core.multiarray',
  'numpy.core.numeric': 'numpy._core.numeric',
  'numpy.core._internal': 'numpy._core._internal',
};

/** The present module of names that were in various modules of NumPy. np.load finds them in all of these. */
const NUMPY_NAMES: Readonly<Record<string, string>> = {
  _reconstruct: 'numpy._core.multiarray',
  scalar: 'numpy._core.multiarray',
  _frombuffer: 'numpy._core.numeric',
  _convert_to_stringdtype_kwargs: 'numpy._core._internal',
  ndarray: 'numpy',
  dtype: 'numpy',
  record: 'numpy',
  matrix: 'numpy',
  memmap: 'numpy',
  recarray: 'numpy.rec',
  chararray: 'numpy.char',
};

const NUMPY_MODULES =
  /^numpy(\.rec|\.char|\.matrixlib|\.matrixlib\.defmatrix|\._?core(\.(multiarray|_multiarray_umath|umath|numeric|numerictypes|_internal|records|defchararray|memmap))?)?$/;

/** Returns the class or function of Python 3 and NumPy 2 that a present or a former name means; undefined for an unknown name. */
export function modernGlobal(givenModule: string, givenName: string): PyGlobal | undefined {
  const module = Object.hasOwn(MODULES, givenModule) ? (MODULES[givenModule] ?? givenModule) : givenModule;
  const name = module === 'builtins' && givenName === 'xrange' ? 'range' : givenName;
  const global = new PyGlobal(module, name);
  if (lookUpGlobal(global)) return global;
  const home = NUMPY_MODULES.test(module) && Object.hasOwn(NUMPY_NAMES, name) ? NUMPY_NAMES[name] : undefined;
  return home === undefined ? undefined : new PyGlobal(home, name);
}
