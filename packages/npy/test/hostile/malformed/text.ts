// Headers that are not valid Python, or not a dictionary of the three keys with an order and a shape.
import { headerText } from '../../support/npy-files.ts';
import { GOOD, type Malformed, shapes, texts, words } from './row.ts';

const syntax = texts('NPY_HEADER', [
  ...['', ' ', '\n', '\0', '#', '# a comment'],
  ...words(`()  []  {}  None  True  3  'descr'  descr  ...  {  }  (  [  {{  ((  {'  {'descr'  {'descr':  {'descr': '<i4'
    {'descr': '<i4',  {,}  {:}  {'a'}  {'a': 1,, 'b': 2}`),
  ...[GOOD.slice(0, -1), GOOD.slice(1), GOOD.slice(1, -1)],
  ...['}', ',', ';', GOOD, `\n${GOOD}`, ' or None', '\0', '\\', '\x1a', '\xa0', ' 1'].map((tail) => GOOD + tail),
  ...['(', '\x0b', '\n ', '\xef\xbb\xbf', 'x = ', 'lambda: ', 'not ', '*', '-'].map((lead) => lead + GOOD),
  ...[`{${GOOD}}`, `[${GOOD}]`, `(${GOOD},)`, `dict(${GOOD})`, `{**${GOOD}}`, `eval("${GOOD}")`, `"${GOOD}"`],
  `__import__('os').system('true') or ${GOOD}`,
  "dict(descr='<i4', fortran_order=False, shape=(2,))",
  '{"descr": "<i4", "fortran_order": false, "shape": [2]}',
  ...[GOOD.replaceAll(':', '='), GOOD.replaceAll(',', ';'), GOOD.replace(', }', ',, }')],
  ...[
    "'descr",
    "'''descr'",
    "'desc\nr'",
    "f'descr'",
    "'descr\\'",
    "'\\xg0'",
    "'\\u12'",
    "'\\U00110000'",
    "'\\N{none}'",
  ].map((key) => GOOD.replace("'descr'", key)),
  ...['(', '[', '{', '-', "'", '"""', '\\\n', '#\n', "{'a':"].map((text) =>
    text.repeat(Math.floor(9999 / text.length)),
  ),
  `${'('.repeat(300)}${GOOD}${')'.repeat(300)}`,
  `${"{'a': ".repeat(250)}1${'}'.repeat(250)}`,
]);

const three = ["'descr': '<i4'", "'fortran_order': False", "'shape': (2,)"] as const;
const [descr, order, shape] = three;
const keys = texts('NPY_HEADER', [
  ...[
    [descr, order],
    [descr, shape],
    [order, shape],
    [descr, descr, descr],
  ].map((some) => `{${some.join(', ')}}`),
  ...["'more': 1", "'': None", '3: 3', 'None: None', "b'x': 1"].map((more) => `{${[...three, more].join(', ')}}`),
  ...[
    "b'shape'",
    "('shape',)",
    "['shape']",
    '{}',
    "'Shape'",
    "'shape '",
    "'shape\\0'",
    "'__proto__'",
    'shape',
    '3',
  ].map((key) => `{${descr}, ${order}, ${key}: (2,)}`),
  `{${descr}, 'fortran-order': False, ${shape}}`,
  `{${descr}, 'fortranOrder': False, ${shape}}`,
  `{${descr} ${order}, ${shape}}`,
  "{'descr', '<i4', 'fortran_order', False, 'shape', (2,)}",
  "['descr', '<i4', 'fortran_order', False, 'shape', (2,)]",
]);

const orders = texts(
  'NPY_HEADER',
  words(`0  1  None  'True'  ''  ()  []  (True,)  true  FALSE  not True  True or False  1.0  -True  bool(1)  C`).map(
    (order) => headerText({ order }),
  ),
);

const shapeSyntax = texts(
  'NPY_HEADER',
  shapes(
    ...words(`2  (2)  [2]  [2, 3]  {2}  {}  None  '(2,)'  2,  (,)  (2,,)  (2 3)  (2, 3  2, 3)  (2;)  (2:3,)
      (True,)  (False, 3)  (None,)  ('2',)  (2.0,)  (2e0,)  (2j,)  ((2,),)  ([2],)  (x,)  (*(2,),)  (2+0,)  (2/1,)
      (int(2),)  (~2,)  (2**3,)  (02,)  (0_2,)  (2__0,)  (2_,)  (_2,)  (0x,)  (0b2,)  (0o8,)  (2l,)  (2LL,)  (2u,)  (2n,)
      (-(2,),)  (--2,)  (np.int64(2),)`),
    `(${'1'.repeat(4301)},)`,
  ),
);

const shapeSizes = texts(
  'NPY_SHAPE',
  shapes(
    ...words(`(-1,)  (2, -1)  (-1, 0)  (-9223372036854775808,)  (9223372036854775807,)  (9223372036854775808,)
      (18446744073709551616,)  (0, 9223372036854775807)  (4294967296, 4294967296)  (65536, 65536, 65536, 65536)
      (2147483648, 2147483648, 2)  (4503599627370496, 4096)  (0, 4611686018427387904)`),
    `(${'9'.repeat(300)},)`,
    ...[65, 3000].map((axes) => `(${'1, '.repeat(axes)})`),
    `(${'0, '.repeat(65)})`,
  ),
);

export const text: Readonly<Record<string, readonly Malformed[]>> = {
  syntax,
  keys,
  fortran_order: orders,
  'syntax of the shape': shapeSyntax,
  'sizes of the shape': shapeSizes,
};
