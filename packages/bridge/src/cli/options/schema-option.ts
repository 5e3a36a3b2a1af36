// What messages have to be, as a command line writes it: any, uint8, uint8:*,*,3
import type { DTypeName } from '@bridge/npy';
import type { ArraySchema } from '../../codecs/schema.ts';
import { UsageError } from '../subcommand.ts';

/** For the help. */
export const SCHEMA = 'any, or DTYPE[:LENGTHS] such as uint8:*,*,3';

/** @throws UsageError */
export function schemaOf(option: string, text: string | undefined): ArraySchema | undefined {
  if (text === undefined) return undefined;
  const match = /^([a-z]\w*)(?::((?:\d+|\*)(?:,(?:\d+|\*))*)?)?$/.exec(text);
  if (!match) throw new UsageError(`${option} ${JSON.stringify(text)}: expected ${SCHEMA}`);
  const [, dtype, lengths] = match;
  const shape = lengths?.split(',').map((length) => (length === '*' ? null : Number(length)));
  return {
    // A name that is no dtype fits no array.
    ...(dtype !== 'any' && { dtype: dtype as DTypeName }),
    ...(shape && { shape }),
  };
}
