// What is wanted of this checkout beside another one.
import type { Target } from '../comparison.ts';

/** As fast, but for what one run differs from the next by: rows of one checkout beside itself differ by that much. */
export const AS_FAST: Target = { timesAsFast: 0.95 };
