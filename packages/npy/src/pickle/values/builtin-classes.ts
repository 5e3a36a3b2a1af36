// Classes for Python's built-in values that JavaScript does not have. None, bool, str, list, dict, set and bytes are null, boolean, string,
// Array, Map, Set and Uint8Array. Numbers are in numeric-values.ts.

/** A str that no JavaScript string can represent: a high surrogate precedes a low one, and they are not a pair. */
export class PyStr {
  readonly codePoints: readonly number[];

  constructor(codePoints: readonly number[]) {
    this.codePoints = codePoints;
  }

  toString(): string {
    return this.codePoints.map((code) => String.fromCodePoint(code)).join('');
  }
}

/** Returns whether a PyStr consists of valid code points. */
export function isValidText({ codePoints }: PyStr): boolean {
  return Array.isArray(codePoints) && Array.from(codePoints, isCodePoint).every(Boolean);
}

function isCodePoint(code: unknown): boolean {
  return typeof code === 'number' && Number.isInteger(code) && code >= 0 && code <= 0x10ffff;
}

/** A tuple: an Array that is written as a tuple. Do not change it once it is in use. */
export class PyTuple extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** Makes a tuple of the arguments. */
export function tuple(...items: readonly unknown[]): PyTuple {
  return tupleOf(items);
}

/** Makes a tuple of the items of a list. */
export function tupleOf(items: readonly unknown[]): PyTuple {
  // An array that grows would reserve memory for sixteen items, so that it gets its final length at once.
  const result = new PyTuple(items.length);
  for (let i = 0; i < items.length; i++) result[i] = items[i];
  return result;
}

/** A frozenset: a Set that is written as a frozenset. Do not change it once it is in use. */
export class PyFrozenSet extends Set<unknown> {}

/** A collections.OrderedDict: a Map that is written as an OrderedDict. */
export class PyOrderedDict extends Map<unknown, unknown> {}

/** A bytearray. Plain bytes are a Uint8Array. */
export class PyByteArray {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** The largest uuid.UUID, which has 128 bits. */
export const MAX_UUID: bigint = 2n ** 128n - 1n;

/** A uuid.UUID: its number, and its `is_safe`, which says if the platform made it safely for multiprocessing (undefined, 1, 0 or -1). */
export class PyUuid {
  readonly int: bigint;
  readonly isSafe: number | undefined;

  constructor(int: bigint, isSafe?: number) {
    this.int = int;
    this.isSafe = isSafe;
  }

  toString(): string {
    const hex = this.int.toString(16).padStart(32, '0');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}

/** A slice. */
export class PySlice {
  readonly start: unknown;
  readonly stop: unknown;
  readonly step: unknown;

  constructor(start: unknown, stop: unknown, step: unknown = null) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/** A range. */
export class PyRange {
  readonly start: number | bigint;
  readonly stop: number | bigint;
  readonly step: number | bigint;

  constructor(start: number | bigint, stop: number | bigint, step: number | bigint = 1) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/** A class or function as a value, which must be one that read/globals.ts knows. Nothing calls it. */
export class PyGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
}
