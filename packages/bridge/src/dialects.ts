// What existing Python programs speak on a stream socket, by name. A dialect is a value: users pick one or make their own.
import type { Dialect } from './dialects/dialect.ts';
import { numpysocket } from './dialects/numpysocket.ts';
import { prefixed } from './dialects/prefixed.ts';
import { seed, seedClosing, tenDigits } from './dialects/seed.ts';

export const dialects: {
  readonly seed: Dialect;
  readonly seedClosing: Dialect;
  readonly tenDigits: Dialect;
  readonly numpysocket: Dialect;
  readonly prefixed: typeof prefixed;
} = { seed, seedClosing, tenDigits, numpysocket, prefixed };
