// Pickles refer to dangerous functions by name. A name that is not in the reader's table gives an error that quotes it, whichever
// opcode refers to it; nothing is imported or called.
import { describe, expect, it } from 'vitest';
import { readPickle } from '../../../src/pickle/read/pickle-reader.ts';
import { latin1, refusalOf } from './outcome.ts';

const FORBIDDEN = `
  os.system posix.system nt.system os.popen
  subprocess.Popen subprocess.check_output pty.spawn builtins.eval
  builtins.exec builtins.compile builtins.getattr builtins.setattr
  builtins.open builtins.__import__ builtins.print builtins.type
  builtins.vars builtins.map builtins.apply __builtin__.eval
  __builtin__.file importlib.import_module runpy.run_path code.InteractiveInterpreter
  copyreg._reconstructor2 copyreg.__newobj__ copyreg.add_extension pickle.loads
  pickle._loads functools.partial operator.attrgetter operator.methodcaller
  types.FunctionType ctypes.CDLL socket.socket webbrowser.open
  shutil.rmtree bdb.Bdb timeit.timeit asyncio.run
  sys.exit numpy.load numpy.fromfile numpy.core.multiarray.fromstring
  numpy.testing._private.utils.runstring numpy._core.multiarray.__dict__ numpy._core.records.fromfile numpy.ma.core._mareconstruct
  numpy.f2py.x _codecs.decode _codecs.lookup codecs.encode
  collections.Counter collections.defaultdict datetime.tzinfo datetime.datetime.now
  decimal.Context uuid.getnode fractions.gcd __main__.Anything
  pathlib.PosixPath constructor.constructor __proto__.polluted prototype.x
  toString.call builtins.constructor hasOwnProperty.x numpy.ma.MaskedArray
  numpy.core.memmap.open numpy.core.numerictypes.sctypeDict
`
  .trim()
  .split(/\s+/);

const split = (name: string): [string, string] => {
  const dot = name.lastIndexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
};
const short = (text: string): string => `\x8c${String.fromCharCode(text.length)}${text}`;

describe.each(FORBIDDEN)('%s', (name) => {
  const [module, attribute] = split(name);

  it.each([
    ['GLOBAL', `c${module}\n${attribute}\n(U\x02ls\x85R.`],
    ['STACK_GLOBAL', `\x80\x04${short(module)}${short(attribute)}\x93U\x02ls\x85R.`],
    ['INST', `(U\x02lsi${module}\n${attribute}\n.`],
    ['a value in a list', `](c${module}\n${attribute}\ne.`],
  ])('is refused by name, through %s', (_, text) => {
    const { code, message, detail } = refusalOf(text);
    expect(code).toBe('NPY_PICKLE');
    expect(message).toContain(`${name} is not a known class or function`);
    expect(detail).toMatchObject({ global: name });
  });
});

it.each(['numpy.memmap', 'numpy.core.records.recarray', 'numpy.char.chararray', 'numpy.core.ndarray'])(
  '%s is a class that an array may have been of, and is never made by a call',
  (name) => {
    const [module, attribute] = split(name);
    for (const call of [`c${module}\n${attribute}\nU\x02ls\x85R.`, `c${module}\n${attribute}\nU\x02ls\x85\x81.`])
      expect(refusalOf(call).message).toContain('cannot make a value');
  },
);

it.each([
  ['builtins', 'complex.__class__'],
  ['numpy', 'dtype.__reduce__'],
  ['numpy._core', 'multiarray.scalar'],
  ['numpy', '_core.multiarray.scalar'],
])('takes nothing out of a known name: %s, %s', (module, name) => {
  expect(refusalOf(`${short(module)}${short(name)}\x93.`).message).toContain(
    `${module}.${name} is not a known class or function`,
  );
});

it('tells a name of any length in a line', () => {
  expect(refusalOf(`c${'m'.repeat(1e5)}\n${'n'.repeat(1e5)}\n.`).message.length).toBeLessThan(400);
});

it('takes a known name for no more than a name', () => {
  expect(readPickle(latin1('cdecimal\nDecimal\n.')).value).toMatchObject({ module: 'decimal', name: 'Decimal' });
});
