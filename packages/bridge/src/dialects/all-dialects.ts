// The dialects of existing Python programs, by name. A dialect is a value: users pick one or make their own.
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
