// Random arrays for property tests: every dtype without objects, both byte orders, any axis order, steps, gaps and offsets, over a buffer
// of random bytes.
import fc from 'fast-check';
import type { CheckedView } from '../../src/array/npy-view.ts';
import type { Descr, FixedDTypeName } from '../../src/core.ts';
import { descrOf } from '../../src/dtype/descr.ts';
import {
  type DType,
  dtypeNamed,
  dtypeSized,
  type Field,
  fixedTypes,
  structOf,
  subarrayOf,
} from '../../src/dtype/dtype.ts';
import type { TimeUnit } from '../../src/dtype/time-unit.ts';
import { clearPadding, hasLongDouble } from '../../src/layout/longdouble-padding.ts';
import { forEachRun } from '../../src/layout/number-runs.ts';
import { bytesOfStore } from '../../src/stores/number-stores.ts';
import { allocateOf, dtypeOfStore } from '../../src/stores/store-table.ts';
import type { BinaryStore } from '../../src/stores/store-types.ts';

/**
 * The names of numeric dtypes, without long doubles and without bfloat16 and the float8 types, which decode reads only on request.
 */
export const dtypeNames: readonly FixedDTypeName[] = (Object.keys(fixedTypes) as FixedDTypeName[]).filter(
  (name) => fixedTypes[name].kind !== 'V' && !name.includes('longdouble'),
);

const units: readonly TimeUnit['name'][] = ['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as'];
const unit: fc.Arbitrary<TimeUnit> = fc.oneof(
  fc.constant({ name: 'generic' as const, count: 1 }),
  fc.record({ name: fc.constantFrom(...units), count: fc.constantFrom(1, 1, 1, 25, 1000) }),
);

/** Draws a dtype without fields and subarrays, in native byte order. */
const simpleType: fc.Arbitrary<DType> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...dtypeNames, 'longdouble', 'clongdouble').map((name) => dtypeNamed(name)) },
  fc
    .record({ name: fc.constantFrom('bytes', 'void'), itemsize: fc.nat(9) })
    .map(({ name, itemsize }) => dtypeSized(name, { itemsize })),
  fc.nat(4).map((width) => dtypeSized('str', { itemsize: 4 * width })),
  fc.record({ name: fc.constantFrom('datetime64', 'timedelta64'), unit }).map((given) => dtypeSized(given.name, given)),
);

const fieldName = fc.oneof(
  fc.constantFrom(
    'a',
    'x',
    'field one',
    'é',
    'über',
    '漢',
    '😀',
    "it's",
    '"',
    'both\'"',
    '\\',
    '\n',
    '\u200b',
    'shape',
    "'shape': (9,)",
  ),
  fc.string({ minLength: 1, maxLength: 4 }),
);

interface Recipe {
  readonly fields: readonly {
    readonly name: string;
    readonly title: string | undefined;
    readonly type: DType;
    readonly shape: readonly number[];
    readonly gap: number;
  }[];
  readonly tail: number;
}

function structFrom({ fields, tail }: Recipe): DType {
  const taken = new Set<string>();
  const made: Field[] = [];
  let offset = 0;
  for (const { name, title, type, shape, gap } of fields) {
    if (name === '' || taken.has(name)) continue;
    taken.add(name);
    const titled = title !== undefined && !taken.has(title) ? { title } : {};
    if (title !== undefined) taken.add(title);
    // A str without a width cannot have a subarray shape: NumPy takes the shape for the width.
    const whole = shape.length > 0 && (type.itemsize > 0 || type.fields) ? subarrayOf(type, shape) : type;
    offset += gap;
    made.push({ name, ...titled, type: whole, offset });
    offset += whole.itemsize;
  }
  return structOf(made, offset + tail);
}

/** Draws structures that contain structures, to a depth of three. */
const structType: fc.Arbitrary<DType> = fc.letrec<{ struct: DType; any: DType }>((tie) => ({
  struct: fc
    .record({
      fields: fc.array(
        fc.record({
          name: fieldName,
          title: fc.option(fieldName, { nil: undefined, freq: 4 }),
          type: tie('any'),
          shape: fc.oneof(
            { weight: 4, arbitrary: fc.constant([]) },
            fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }),
          ),
          gap: fc.constantFrom(0, 0, 0, 1, 4),
        }),
        { maxLength: 4 },
      ),
      tail: fc.constantFrom(0, 0, 3),
    })
    .map(structFrom),
  any: fc.oneof({ maxDepth: 2 }, { weight: 5, arbitrary: simpleType }, { weight: 1, arbitrary: tie('struct') }),
})).struct;

/** Draws any dtype without objects, in native byte order. */
export const randomType: fc.Arbitrary<DType> = fc.oneof(
  { weight: 3, arbitrary: simpleType },
  { weight: 1, arbitrary: structType },
);

/** Returns the descr of a dtype with all of its words in that byte order. */
export function descrIn(type: DType, order: '<' | '>'): Descr {
  return descrOf(inOrder(type, order));
}

function inOrder(type: DType, order: '<' | '>'): DType {
  if (type.fields)
    return { ...type, fields: type.fields.map((field) => ({ ...field, type: inOrder(field.type, order) })) };
  if (type.subarray) return { ...type, subarray: { ...type.subarray, type: inOrder(type.subarray.type, order) } };
  return type.byteOrder === '|' ? type : { ...type, byteOrder: order };
}

/** Puts zeros where elements have bytes that belong to no field, which NumPy does not copy with the others. */
export function clearGaps(bytes: Uint8Array, type: DType): void {
  if (!type.fields) return;
  const used = new Uint8Array(bytes.length);
  const count = type.itemsize === 0 ? 0 : bytes.length / type.itemsize;
  forEachRun(
    type,
    count,
    () => true,
    ({ start, count: many, step, type: { itemsize } }) => {
      for (let i = 0; i < many; i++) used.fill(1, start + i * step, start + i * step + itemsize);
    },
  );
  for (const [i, isUsed] of used.entries()) if (!isUsed) bytes[i] = 0;
}

/** A view in native byte order over random bytes, and those bytes. */
export interface RandomArray {
  readonly view: CheckedView;
  readonly raw: Uint8Array;
}

const axis = fc.record({
  size: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 6 }) }, { weight: 1, arbitrary: fc.constant(0) }),
  step: fc.constantFrom(1, 1, 1, 2, 3),
  reversed: fc.boolean(),
});

/** Draws an array of one of those dtypes. */
function arrayOf(types: fc.Arbitrary<DType>): fc.Arbitrary<RandomArray> {
  return fc
    .record({
      type: types,
      axes: fc.array(axis, { maxLength: 5 }),
      plain: fc.boolean(),
      order: fc.array(fc.integer(), { minLength: 5, maxLength: 5 }),
      lead: fc.nat(7),
      trail: fc.nat(7),
      seed: fc.integer(),
    })
    .map(({ type, axes, plain, order, lead, trail, seed }) => {
      // Memory order is a permutation of the axes; plain arrays have neither gaps nor reversed axes.
      const memory = axes.map((_, i) => i).sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0));
      const stride = axes.map(() => 0);
      let span = 1;
      let offset = lead;
      for (const i of memory) {
        const { size, step, reversed } = axes[i] as (typeof axes)[number];
        const step1 = plain ? 1 : step;
        stride[i] = (!plain && reversed ? -1 : 1) * step1 * span;
        if (!plain && reversed && size > 0) offset += (size - 1) * step1 * span;
        span *= Math.max(size, 1) * step1;
      }
      const data = allocateOf(type, lead + span + trail) as BinaryStore;
      const raw = bytesOfStore(data);
      fillRandom(raw, seed);
      if (hasLongDouble(type)) clearPadding(raw, type);
      return { view: { dtype: type.name, type, data, shape: axes.map((a) => a.size), stride, offset }, raw };
    });
}

export const randomArray: fc.Arbitrary<RandomArray> = arrayOf(randomType);

/** Draws arrays of numbers only. */
export const randomNumbers: fc.Arbitrary<RandomArray> = arrayOf(
  fc.constantFrom(...dtypeNames).map((name) => dtypeNamed(name)),
);

/** Fills memory with random bytes from a seed, by xorshift32. */
export function fillRandom(bytes: Uint8Array, seed: number): void {
  let x = seed | 1;
  for (let i = 0; i < bytes.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[i] = x & 0xff;
  }
}

/** Returns the bytes of a view's elements in C order. It copies byte by byte, as a reference for faster code. */
export function bytesInOrder({
  view,
  raw,
}: {
  view: Pick<CheckedView, 'data' | 'shape' | 'stride' | 'offset'>;
  raw: Uint8Array;
}): Uint8Array {
  const itemsize = dtypeOfStore(view.data)?.itemsize ?? Number.NaN;
  const out: number[] = [];
  const walk = (axis: number, at: number): void => {
    if (axis === view.shape.length) out.push(...raw.subarray(at * itemsize, (at + 1) * itemsize));
    else for (let i = 0; i < (view.shape[axis] ?? 0); i++) walk(axis + 1, at + i * (view.stride[axis] ?? 0));
  };
  walk(0, view.offset);
  return Uint8Array.from(out);
}
