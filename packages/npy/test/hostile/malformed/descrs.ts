// Headers with a descr that is not a dtype, that no array can have, or that needs a pickle.
import { descrs, type Malformed, texts, words } from './row.ts';

const quoted = (...list: readonly string[]): string[] => descrs(...list.map((text) => `'${text}'`));

const typeStrings = texts('NPY_DESCR', [
  ...quoted('', ' ', ' <i4', '<i4 ', '< i4', '\\0\\0', '<i4\\0', '\xe9', 'i4'.repeat(3000), '\\ud800'),
  ...quoted(
    ...words(`<  >  |  =  <<i4  <>i4  i4<  !i4  @i4  ^i4  I4  <I4  <i4x  -i4  <i-4  <i4.  <i4;  <i  i4  i5`).filter(
      // These two of the list are valid.
      (text) => text !== '<i' && text !== 'i4',
    ),
    ...words(`<i3  <i5  <i16  <i0  <u3  <u16  <f0  <f1  <f3  <f5  <f10  <f12  <f32  <c2  <c4  <c12  <c64  <b2  |b0  <m16  <M4
      Int32  INT32  int3  int128  uint7  float12  float80  complex32  bool1  <int32  >float64  =bool  boolean  string
      number  integer  char  array  ndarray  numpy.int32  np.int32  <class int>
      |S-1  |S2147483648  |S99999999999  <U-1  <U536870912  <U99999999999  |V-1  |V2147483648  |S3.5  |Sx
      <M8[  <M8]  <M8[]  <M8[x]  <M8[S]  <M8[ss]  <M8[ns  <M8ns]  <M8[-1s]  <M8[2147483648s]  <M8[1.5s]  <M8[s/7]
      <M8[s/0]  <M8[generic/2]  <M8[s][s]  <m8[D,s]  <M8[[s]]  datetime64[  timedelta64[y]
      i4,,i4  ,i4  i4,x  i4 i4  (2  2)i4  (2,)  (-1,)i4,i4  (2,i4  (2.0,)i4,i4  3  ()
      __proto__  constructor  toString  hasOwnProperty`),
  ),
]);

const subarrays = texts(
  'NPY_DESCR',
  descrs(...words(`('<i4', (2,))  ('<i4', 2)  '(2,)i4'  '2i4'  ('<f8', (2, 2))  ([('a', '<i4')], (2,))  ('<i4', [2])`)),
);

const compound = texts(
  'NPY_DESCR',
  descrs(
    ...words(`None  True  3  -3  ()  (3,)  ('<i4',)  b'<i4'  1.5  [3]  [None]  [()]  ['a']  ['abcd']  [[]]
      [('a',)]  [('a', '<i4', (2,), 3)]  [('a', 3)]  [('a', None)]  [('a', '<i3')]  [('a', '')]  [(3, '<i4')]  [(None, '<i4')]
      [(b'a', '<i4')]  [(['t', 'a'], '<i4')]  [(('t',), '<i4')]  [(('t', 'a', 'x'), '<i4')]  [(('t', 3), '<i4')]
      [((), '<i4')]  [('a', '<i4'), ('a', '<i4')]  [(('a', 'a'), '<i4')]  [(('a', 'b'), '<i4'), ('a', '<i4')]
      [(('t', 'a'), '<i4'), (('t', 'b'), '<i4')]  [('a', '<i4', -1)]  [('a', '<i4', (-1,))]  [('a', '<i4', (2147483648,))]
      [('a', '<i4', 'x')]  [('a', '<i4', 2.0)]  [('a', '<i4', (None,))]  [('a', '<i4', {})]  [('a', '<i8', (65536, 65536))]
      [('a', '|V2147483647'), ('b', '|V2147483647')]  [('a', [('b', '<x4')])]  [('a', ('<i4', {'k': 1}))]
      {'names': ['a'], 'formats': ['<i4']}  {'a': 1}  ('<i4', 'x')  ('<i4', -1)  ('<i4', (2,), 'x')`),
    `${'['.repeat(150)}${']'.repeat(150)}`,
    `${"[('a', ".repeat(90)}'<x4'${')]'.repeat(90)}`,
  ),
);

const axes = texts('NPY_SHAPE', descrs(`[('a', '<i4', (${'1,'.repeat(65)}))]`));

/** NumPy 2 loads arrays of these dtypes, and fails when a program asks for the field. */
const axesOfAField = texts(
  'NPY_SHAPE',
  descrs(
    `[('a', ('<i4', (${'1,'.repeat(40)})), (${'1,'.repeat(25)}))]`,
    `[('a', [('b', '<i4', (${'1,'.repeat(40)}))], (${'1,'.repeat(25)}))]`,
    `[('a', '<i4', (${'1,'.repeat(64)}))]`,
  ),
);

const objects = texts(
  'NPY_OBJECTS',
  descrs(
    ...words(`'|O'  'O'  '<O8'  'object'  'O4'  'i4,O'  [('a', '|O')]  [('a', '<i4'), ('b', 'O')]  [('a', [('b', '|O')])]
      [('a', '|O', (2,))]  [('', 'O')]  [('a', '|O', (0,))]`),
  ),
);

export const descr: Readonly<Record<string, readonly Malformed[]>> = {
  'type strings': typeStrings,
  'arrays as dtype': subarrays,
  'compound descrs': compound,
  'more than 64 axes': axes,
  'more than 64 axes in all, those of the array included': axesOfAField,
  objects,
};
