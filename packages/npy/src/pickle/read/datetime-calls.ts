// Replaces calls of the classes in Python's module datetime.

import type { ReadContext } from '../pickle-error.ts';
import { PyStr, type PyTuple } from '../values/builtin-classes.ts';
import { isValidTimeDelta, isValidTimeZone, PyTimeDelta, PyTimeZone } from '../values/datetime.ts';
import { type Call, required } from './call-arguments.ts';
import { latin1Data } from './latin1-bytes.ts';

/** Returns a function that makes a date, time or datetime of its bytes and an optional timezone. */
export function dateOrTimeCall<T extends object>(
  what: string,
  make: (state: Uint8Array, tzinfo: PyTimeZone | null) => T | undefined,
): Call<T> {
  return (args, context) => {
    const state = latin1Data(args[0], context);
    const tzinfo = zoneOf(args[1]);
    const fits = state !== undefined && tzinfo !== undefined && args.length <= 2;
    return required(fits ? make(state, tzinfo) : undefined, what, args, context);
  };
}

function zoneOf(value: unknown): PyTimeZone | null | undefined {
  if (value === undefined || value === null) return null;
  return value instanceof PyTimeZone ? value : undefined;
}

/** Makes a timedelta. */
export function timedelta(args: PyTuple, context: ReadContext): PyTimeDelta {
  const [days, seconds, microseconds] = args;
  const areNumbers = typeof days === 'number' && typeof seconds === 'number' && typeof microseconds === 'number';
  const delta = areNumbers && args.length === 3 ? new PyTimeDelta(days, seconds, microseconds) : undefined;
  return required(delta && isValidTimeDelta(delta) ? delta : undefined, 'datetime.timedelta', args, context);
}

/** Makes a timezone. */
export function timezone(args: PyTuple, context: ReadContext): PyTimeZone {
  const [offset, name] = args;
  const named = typeof name === 'string' || name instanceof PyStr;
  const fits = offset instanceof PyTimeDelta && (args.length === 1 || (args.length === 2 && named));
  const zone = fits ? new PyTimeZone(offset, named ? name : undefined) : undefined;
  return required(zone && isValidTimeZone(zone) ? zone : undefined, 'datetime.timezone', args, context);
}
