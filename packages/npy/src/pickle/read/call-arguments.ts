// Checks the arguments of calls in a pickle.

import { kindOf, type ReadContext } from '../pickle-error.ts';
import { PyGlobal, type PyTuple } from '../values/builtin-classes.ts';

/** A function that makes a value of the arguments of a call. */
export type Call<T extends object = object> = (args: PyTuple, context: ReadContext) => T;

/** Returns `value`. @throws NpyError NPY_PICKLE about the arguments of the call if it is undefined */
export function required<T>(value: T | undefined, what: string, args: PyTuple, { fail }: ReadContext): T {
  if (value !== undefined) return value;
  throw fail(`expected the arguments of ${what}, got (${args.slice(0, 8).map(kindOf).join(', ')})`);
}

/** Returns the items of a list that is the only argument, or none if there is no argument. @throws NpyError NPY_PICKLE */
export function itemsArgument(args: PyTuple, what: string, context: ReadContext): unknown[] {
  const [list] = args;
  if (args.length === 0) return [];
  if (args.length > 1 || !Array.isArray(list)) throw context.fail(`expected the items of ${what} in one list`);
  context.charge(list.length);
  return list;
}

/** Returns whether a value is the class or function with that full name. */
export function isNamed(value: unknown, name: string): boolean {
  return value instanceof PyGlobal && `${value.module}.${value.name}` === name;
}
