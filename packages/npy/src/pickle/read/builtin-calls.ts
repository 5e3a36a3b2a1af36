// Replaces calls of functions and classes in Python's modules builtins, _codecs, collections and copyreg.

import type { ReadContext } from '../pickle-error.ts';
import { PyOrderedDict, PyRange, PySlice, type PyTuple, PyUuid } from '../values/builtin-classes.ts';
import { isHashable } from '../values/hashable.ts';
import { floatValue, isInt, largeIntBytes } from '../values/numeric-values.ts';
import { isNamed, itemsArgument, required } from './call-arguments.ts';
import { latin1Data } from './latin1-bytes.ts';

/** Adds the items of a list, which is the argument of set and frozenset, to `set`. */
export function fillSet(set: Set<unknown>, args: PyTuple, context: ReadContext): Set<unknown> {
  for (const item of itemsArgument(args, 'set', context)) {
    context.charge(largeIntBytes(item));
    if (!isHashable(item)) throw context.fail('a list, dict, set, bytearray or array cannot be in a set');
    context.inserter.add(set, item);
  }
  return set;
}

/** Returns a copy of the bytes that are the argument of bytes and bytearray. */
export function bytesArgument(args: PyTuple, what: string, context: ReadContext): Uint8Array {
  if (args.length === 0) return new Uint8Array(0);
  // Python 2 wrote bytearray(text, 'latin-1').
  const data = args.length <= 2 ? latin1Data(args[0], context) : undefined;
  if (!data) throw context.fail(`expected the content of ${what}`);
  context.charge(data.length);
  return data.slice();
}

/** Does what `_codecs.encode(text, 'latin1')` does. */
export function encodeLatin1(args: PyTuple, context: ReadContext): Uint8Array {
  const [text, encoding] = args;
  const latin = args.length === 2 && (encoding === 'latin1' || encoding === 'latin-1');
  const bytes = latin && typeof text === 'string' ? latin1Data(text, context) : undefined;
  return required(bytes, '_codecs.encode: Latin-1 text and latin1', args, context);
}

/** Makes a complex number. */
export function complex(args: PyTuple, context: ReadContext): { re: number; im: number } {
  const [re, im] = [floatValue(args[0]), floatValue(args[1])];
  if (re === undefined || im === undefined || args.length !== 2)
    throw context.fail('expected the two floats of a complex number');
  return { re, im };
}

/** Makes a range. */
export function range(args: PyTuple, context: ReadContext): PyRange {
  const [start, stop, step] = args;
  context.charge(largeIntBytes(start) + largeIntBytes(stop) + largeIntBytes(step));
  const fits = args.length === 3 && isInt(start) && isInt(stop) && isInt(step) && BigInt(step) !== 0n;
  return required(fits ? new PyRange(start, stop, step) : undefined, 'range', args, context);
}

/** Makes a slice. */
export function slice(args: PyTuple, context: ReadContext): PySlice {
  return required(args.length === 3 ? new PySlice(args[0], args[1], args[2]) : undefined, 'slice', args, context);
}

/** Makes an OrderedDict of the argument that Python 2 writes: a list of lists of a key and a value. */
export function orderedDict(args: PyTuple, context: ReadContext): PyOrderedDict {
  const dict = new PyOrderedDict();
  for (const pair of itemsArgument(args, 'OrderedDict', context)) {
    const [key, value] = Array.isArray(pair) && pair.length === 2 ? pair : [[]];
    if (!isHashable(key)) throw context.fail('expected the pairs of OrderedDict');
    context.charge(largeIntBytes(key) + largeIntBytes(value));
    context.inserter.set(dict, key, value);
  }
  return dict;
}

/** Does what `copyreg._reconstructor(uuid.UUID, object, None)` does, which protocols 0 and 1 use. */
export function reconstructor(args: PyTuple, context: ReadContext): PyUuid {
  const fits = args.length === 3 && isNamed(args[0], 'uuid.UUID') && isNamed(args[1], 'builtins.object');
  return required(
    fits && args[2] === null ? new PyUuid(-1n) : undefined,
    'copyreg._reconstructor: a UUID',
    args,
    context,
  );
}
