// The dialects by name, as users write them: dialects.seed, dialects.prefixed({ … }).
import type { Dialect } from './dialect.ts';
import { numpysocket } from './numpysocket.ts';
import { prefixed } from './prefixed.ts';
import { seed, seedClosing, tenDigits } from './seed.ts';

export const dialects: {
  readonly seed: Dialect;
  readonly seedClosing: Dialect;
  readonly tenDigits: Dialect;
  readonly numpysocket: Dialect;
  readonly prefixed: typeof prefixed;
} = { seed, seedClosing, tenDigits, numpysocket, prefixed };
