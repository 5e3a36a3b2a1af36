// What a model takes and gives, and what is wrong with an array that is something else.
import { type DTypeName, isDTypeName } from '@bridge/npy/core';
import { BridgeError } from '../errors/bridge-error.ts';
import { checkOption, listOf, type Names, optionsOf } from '../errors/options.ts';

/** What an array has to be. What is left out may be anything. */
export interface ArraySchema {
  readonly dtype?: DTypeName;
  /** Elements along each axis; `null` for any number. */
  readonly shape?: readonly (number | null)[];
}

const SCHEMA: Names<ArraySchema> = { dtype: true, shape: true };

/**
 * A schema that a user declared.
 * @throws BridgeError BRIDGE_OPTION where it is none: a dtype that has no such name, a length that no axis can have
 */
export function checkDeclared(name: string, schema: ArraySchema | null | undefined): ArraySchema | undefined {
  const given = optionsOf<ArraySchema>(name, schema, SCHEMA);
  const { dtype, shape } = given;
  checkDType(`${name}.dtype`, dtype);
  const lengths = listOf(`${name}.shape`, shape ?? []);
  const holds = lengths?.every((length) => length === null || isLength(length)) === true;
  checkOption(`${name}.shape`, shape, holds, 'a list of whole numbers from 0, or null for any');
  if (!schema) return undefined;
  // Each of them is a length, or null.
  return { ...given, ...(shape && { shape: lengths as ArraySchema['shape'] }) } as ArraySchema;
}

/** @throws BridgeError BRIDGE_OPTION unless `dtype` is the name of a dtype, or missing */
export function checkDType(name: string, dtype: unknown): void {
  checkOption(name, dtype, dtype === undefined || isDTypeName(dtype), 'the name of a dtype');
}

function isLength(length: unknown): boolean {
  return Number.isSafeInteger(length) && Number(length) >= 0;
}

/** What an array is, as its header says. */
export interface ArrayKind {
  readonly dtype: DTypeName;
  readonly shape: readonly number[];
}

/**
 * Holds an array against what it has to be.
 * @throws BridgeError BRIDGE_SCHEMA, with `detail.expected`, `detail.actual` and `detail.side`
 */
export function checkSchema(
  side: 'input' | 'output' | 'request',
  expected: ArraySchema | undefined,
  actual: ArrayKind,
): void {
  const difference = expected && differenceOf(expected, actual);
  if (difference === undefined) return;
  const who = side === 'output' ? 'reply' : side;
  const fault = side === 'input' ? 'caller' : 'peer';
  const { dtype, shape } = actual;
  throw new BridgeError(
    'BRIDGE_SCHEMA',
    `the ${who} is not what was declared: ${difference}`,
    { side, expected, actual: { dtype, shape } },
    { fault },
  );
}

function differenceOf({ dtype, shape }: ArraySchema, actual: ArrayKind): string | undefined {
  if (dtype !== undefined && dtype !== actual.dtype) return `expected dtype ${dtype}, got ${actual.dtype}`;
  if (shape === undefined) return undefined;
  const shapes = `expected shape ${shapeText(shape)}, got ${shapeText(actual.shape)}`;
  if (shape.length !== actual.shape.length) return shapes;
  const axis = shape.findIndex((length, i) => length !== null && length !== actual.shape[i]);
  return axis < 0 ? undefined : `${shapes} (axis ${axis})`;
}

function shapeText(shape: readonly (number | null)[]): string {
  return `(${shape.map((length) => length ?? 'any').join(', ')})`;
}

/** What a good exchange teaches: an input like this one; a reply of this dtype and number of axes. */
export function learnt(input: ArrayKind, output: ArrayKind): { input: ArraySchema; output: ArraySchema } {
  return {
    input: { dtype: input.dtype, shape: [...input.shape] },
    output: { dtype: output.dtype, shape: output.shape.map(() => null) },
  };
}
