// Checks how deep values are nested. Code that walks over a value recurses as deep, so that values are refused that are nested deeper than
// Python's own pickler allows. This check does not recurse, visits each object once, and stops at cycles.
import { NumpyArray, NumpyScalar } from '../numpy/numpy-array.ts';
import { PySlice } from './builtin-classes.ts';

/** The deepest nesting that is accepted. CPython's pickler fails at about 500 to 1000. */
export const MAX_DEPTH = 1000;

function childrenOf(value: object): Iterable<unknown> | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return objectsIn(value);
  if (value instanceof Set) return value;
  if (value instanceof NumpyArray) return value.items;
  if (value instanceof NumpyScalar) return [value.data];
  if (value instanceof PySlice) return [value.start, value.stop, value.step];
  return undefined;
}

/** Returns the keys and values of a Map that may contain others. */
function objectsIn(map: Map<unknown, unknown>): unknown[] {
  const objects: unknown[] = [];
  for (const [key, value] of map) {
    if (typeof key === 'object') objects.push(key);
    if (typeof value === 'object') objects.push(value);
  }
  return objects;
}

interface Visit {
  readonly value: object;
  readonly children: Iterator<unknown>;
  /** The depth of the deepest child so far. */
  depth: number;
}

/** Returns whether anything in `root` is nested deeper than MAX_DEPTH. */
export function isTooDeep(root: unknown): boolean {
  const depths = new Map<object, number>();
  const path: Visit[] = [];
  const enter = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0;
    const seen = depths.get(value);
    if (seen !== undefined) return seen;
    const children = childrenOf(value);
    if (!children) return 0;
    const isEmpty = Array.isArray(children) && children.length === 0;
    depths.set(value, isEmpty ? 1 : 0);
    if (isEmpty) return 1;
    path.push({ value, children: children[Symbol.iterator](), depth: 0 });
    return 0;
  };
  enter(root);
  for (let visit = path.at(-1); visit; visit = path.at(-1)) {
    const { value, done } = visit.children.next();
    if (!done) {
      visit.depth = Math.max(visit.depth, enter(value));
      if (path.length > MAX_DEPTH) return true;
      continue;
    }
    path.pop();
    const depth = visit.depth + 1;
    if (depth > MAX_DEPTH) return true;
    depths.set(visit.value, depth);
    const parent = path.at(-1);
    if (parent) parent.depth = Math.max(parent.depth, depth);
  }
  return false;
}
