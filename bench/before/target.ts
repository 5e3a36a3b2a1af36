// The target of comparisons between this checkout and another one.
import type { Target } from '../comparison.ts';

/** As fast, within the difference of two runs: rows of one checkout beside itself differ by up to 5 %. */
export const AS_FAST: Target = { timesAsFast: 0.95 };
