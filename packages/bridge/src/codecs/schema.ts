// Schemas: the dtype and the shape that a user declares for a model's inputs and outputs, and the check of a message against them.
import { type DTypeName, isDTypeName } from '@bridge/npy/core';
import { BridgeError } from '../errors/bridge-error.ts';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';
import { type ArrayKind, type Codec, isOneKind, type MessageKind, type Named } from './codec.ts';
import { isShortFloat } from './elements.ts';

/** The dtype and the shape that an array must have. If one is left out, any value is valid. */
export interface ArraySchema {
  readonly dtype?: DTypeName;
  /** The length of each axis; `null` for any length. */
  readonly shape?: readonly (number | null)[];
}

/** The schema of a message: that of its one array, or, if the codec carries arrays by name, a schema for each name. */
export type Schema = ArraySchema | Named<ArraySchema>;

/** The message that a schema is checked against: a caller's input, a model's output, or a host's request. */
export type Side = 'input' | 'output' | 'request';

const SCHEMA: Names<ArraySchema> = { dtype: true, shape: true };

/**
 * Checks a schema that a user declared.
 * @param carries what messages of the codec carry
 * @throws BridgeError BRIDGE_OPTION for an unknown dtype, or a length that no axis can have, and, if the codec carries arrays by name,
 *   for a schema that is not an object of schemas by name
 */
export function checkDeclared(
  name: string,
  schema: Schema | null | undefined,
  carries: Codec['carries'],
): Schema | undefined {
  if (schema === undefined || schema === null) return undefined;
  if (carries === 'array') return checkArraySchema(name, schema as ArraySchema);
  checkOption(name, schema, typeof schema === 'object', 'an object with a schema for each name');
  return Object.fromEntries(
    Object.entries(schema as Named<ArraySchema>).map(([each, declared]) => {
      const path = `${name}.${each}`;
      checkOption(path, declared, typeof declared === 'object' && declared !== null, 'a schema: { dtype, shape }');
      const checked = checkArraySchema(path, declared);
      const holds = !isShortFloat(checked.dtype);
      checkOption(`${path}.dtype`, checked.dtype, holds, "another dtype: archives carry this one as 'void'");
      return [each, checked];
    }),
  );
}

function checkArraySchema(name: string, schema: ArraySchema): ArraySchema {
  const { dtype, shape } = optionsOf<ArraySchema>(name, schema, SCHEMA);
  checkDType(`${name}.dtype`, dtype);
  const holds =
    shape === undefined || (Array.isArray(shape) && shape.findIndex((length) => !isLengthOrAny(length)) < 0);
  checkOption(`${name}.shape`, shape, holds, 'a list of whole numbers from 0, or null for any');
  return { ...(dtype !== undefined && { dtype }), ...(shape && { shape: [...shape] }) };
}

/** @throws BridgeError BRIDGE_OPTION unless `dtype` is the name of a dtype, or missing */
export function checkDType(name: string, dtype: unknown): void {
  checkOption(name, dtype, dtype === undefined || isDTypeName(dtype), 'the name of a dtype');
}

function isLengthOrAny(length: unknown): boolean {
  return length === null || (Number.isSafeInteger(length) && Number(length) >= 0);
}

/**
 * Checks a message against a schema.
 * @throws BridgeError BRIDGE_SCHEMA, with `detail.side`, `detail.expected`, `detail.actual` and, for arrays by name, `detail.array`
 */
export function checkSchema(side: Side, expected: Schema | undefined, actual: MessageKind): void {
  if (!expected) return;
  if (isOneKind(actual)) {
    checkArray(side, expected as ArraySchema, actual);
    return;
  }
  const declared = expected as Named<ArraySchema>;
  for (const [name, schema] of Object.entries(declared)) {
    const found = Object.hasOwn(actual, name) ? actual[name] : undefined;
    if (!found) throw wrongNames(side, `the array ${name} is missing`, declared, actual);
    checkArray(side, schema, found, name);
  }
  // A model may answer with more arrays than were declared. A caller or a host may not send more than that.
  const unknown = side === 'output' ? undefined : Object.keys(actual).find((name) => !Object.hasOwn(declared, name));
  if (unknown !== undefined) throw wrongNames(side, `the array ${unknown} was not declared`, declared, actual);
}

function checkArray(side: Side, expected: ArraySchema, { dtype, shape }: ArrayKind, array?: string): void {
  const difference = differenceOf(expected, { dtype, shape });
  if (difference === undefined) return;
  const which = array === undefined ? '' : `, the array ${array}`;
  throw new BridgeError(
    'BRIDGE_SCHEMA',
    `${subjectOf(side)}${which} is not what was declared: ${difference}`,
    { side, expected, actual: { dtype, shape }, ...(array !== undefined && { array }) },
    { fault: faultOf(side) },
  );
}

function wrongNames(side: Side, why: string, expected: Named<ArraySchema>, actual: Named<ArrayKind>): BridgeError {
  const names = Object.keys(actual);
  return new BridgeError(
    'BRIDGE_SCHEMA',
    `${subjectOf(side)} is not what was declared: ${why}; expected ${Object.keys(expected).join(', ')}, got ${names.join(', ') || 'no array'}`,
    { side, expected: Object.keys(expected), actual: names },
    { fault: faultOf(side) },
  );
}

/** Returns the error for an array of a caller's input that cannot be encoded, because of `cause`. */
export function namedArrayError(name: string, cause: unknown): BridgeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new BridgeError('BRIDGE_SCHEMA', `the array ${name}: ${why}`, { side: 'input', array: name }, { cause });
}

function subjectOf(side: Side): string {
  return `the ${side === 'output' ? 'reply' : side}`;
}

function faultOf(side: Side): 'caller' | 'peer' {
  return side === 'input' ? 'caller' : 'peer';
}

function differenceOf({ dtype, shape }: ArraySchema, actual: ArrayKind): string | undefined {
  // A message's header says void for a float that NumPy does not have.
  const isSame = dtype === undefined || dtype === actual.dtype || (isShortFloat(dtype) && actual.dtype === 'void');
  if (!isSame) return `expected dtype ${dtype}, got ${actual.dtype}`;
  if (shape === undefined) return undefined;
  const shapes = `expected shape ${shapeText(shape)}, got ${shapeText(actual.shape)}`;
  if (shape.length !== actual.shape.length) return shapes;
  const axis = shape.findIndex((length, i) => length !== null && length !== actual.shape[i]);
  return axis < 0 ? undefined : `${shapes} (axis ${axis})`;
}

function shapeText(shape: readonly (number | null)[]): string {
  return `(${shape.map((length) => length ?? 'any').join(', ')})`;
}

/** Returns the schema that is learned from a valid request: the same dtype and the same shape. */
export function schemaOfInput(kind: MessageKind): Schema {
  return eachArray(kind, ({ dtype, shape }) => ({ dtype, shape: [...shape] }));
}

/** Returns the schema that is learned from a valid reply: the same dtype, and the same number of axes, of any length. */
export function schemaOfOutput(kind: MessageKind): Schema {
  return eachArray(kind, ({ dtype, shape }) => ({ dtype, shape: shape.map(() => null) }));
}

function eachArray(kind: MessageKind, schemaOf: (kind: ArrayKind) => ArraySchema): Schema {
  if (isOneKind(kind)) return schemaOf(kind);
  return Object.fromEntries(Object.entries(kind).map(([name, each]) => [name, schemaOf(each)]));
}

/** Returns the dtype of a schema of one array if it is a float that NumPy does not have, as which raw bytes have to be decoded. */
export function shortFloatOf(schema: Schema | undefined): DTypeName | undefined {
  const dtype: unknown = schema?.dtype;
  return isShortFloat(dtype) ? dtype : undefined;
}
