// Draws arrays of every dtype, with any axes, steps and gaps, and with reversed and repeated axes, over patterned memory.
import fc from 'fast-check';
import type { NpyVersion } from '../../src/core.ts';
import type { ArrayRecipe, Case, TypeRecipe } from '../case.ts';
import { patternFor } from './patterns.ts';
import { simpleType, structType, wideType } from './types.ts';

const axis = fc.record({
  size: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 1, max: 5 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 17) },
  ),
  step: fc.oneof(
    { weight: 12, arbitrary: fc.constant(1) },
    { weight: 4, arbitrary: fc.constantFrom(2, 3) },
    { weight: 1, arbitrary: fc.constant(0) },
  ),
  reversed: fc.constantFrom(false, false, true),
  place: fc.nat(),
});
type Axis = typeof axis extends fc.Arbitrary<infer T> ? T : never;

const layout = fc.constantFrom('C', 'C', 'F', 'permuted', 'strided');
const axes = fc.oneof(
  { weight: 20, arbitrary: fc.array(axis, { maxLength: 4 }) },
  // NumPy 1 has at most 32 axes.
  {
    weight: 1,
    arbitrary: fc
      .array(axis, { minLength: 5, maxLength: 32 })
      .map((many) => many.map((one, i) => (i < 3 ? one : { ...one, size: 1 }))),
  },
);
const version = fc.oneof(
  { weight: 12, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom<NpyVersion>([1, 0], [2, 0], [3, 0]) },
);

/** Draws the shape, strides and offset of an array whose axes lie in memory in any order. */
function placed(drawn: readonly Axis[], how: string): Pick<ArrayRecipe, 'shape' | 'strides' | 'offset'> {
  const strided = how === 'strided';
  const memory = drawn.map((_, i) => i);
  if (how === 'C') memory.reverse();
  else if (how !== 'F') memory.sort((a, b) => (drawn[a]?.place ?? 0) - (drawn[b]?.place ?? 0));
  const strides = drawn.map(() => 0);
  let span = 1;
  let offset = 0;
  for (const i of memory) {
    const { size, step, reversed } = drawn[i] as Axis;
    const stride = (strided ? step : 1) * span;
    strides[i] = strided && reversed ? -stride : stride;
    if (strided && reversed && size > 0) offset += (size - 1) * stride;
    span *= Math.max(size, 1) * (strided ? Math.max(step, 1) : 1);
  }
  return { shape: drawn.map(({ size }) => size), strides, offset: strided ? offset + (drawn.length % 3) : offset };
}

const type: fc.Arbitrary<TypeRecipe> = fc.oneof(
  { weight: 60, arbitrary: simpleType },
  { weight: 39, arbitrary: structType },
  { weight: 1, arbitrary: wideType },
);

/** Returns whether elements are so large that a few hundred are enough. */
function isWide(made: TypeRecipe): boolean {
  return typeof made !== 'string' && made.fields.length > 4;
}

export const arrays: fc.Arbitrary<Case> = type.chain((made) =>
  fc
    .record({
      axes: isWide(made) ? fc.array(axis, { maxLength: 2 }) : axes,
      layout,
      version,
      pattern: patternFor(made),
      shift: fc.constantFrom(0, 0, 0, 0, 0, 1, 4),
      order: fc.constantFrom(
        undefined,
        undefined,
        undefined,
        undefined,
        'C' as const,
        'F' as const,
        'A' as const,
        'K' as const,
      ),
    })
    .map(({ axes, layout, version, pattern, shift, order }) => ({
      ask: 'save',
      pattern,
      array: { type: made, ...placed(axes, layout), shift, ...(order && { order }), ...(version && { version }) },
    })),
);
