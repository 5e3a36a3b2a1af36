// Schemas of arrays on a command line: any, uint8, uint8:*,*,3.
import type { DTypeName } from '@bridge/npy';
import type { ArraySchema } from '../../codecs/schema.ts';
import type { Value } from './option.ts';

export const schema: Value<ArraySchema> = {
  word: 'SCHEMA',
  expected: 'any, or DTYPE[:LENGTHS] such as uint8:*,*,3',
  offers: { words: ['any', 'uint8:', 'float32:', 'float64:', 'int32:', 'int64:'] },
  read(text) {
    const match = /^([a-z]\w*)(?::((?:\d+|\*)(?:,(?:\d+|\*))*)?)?$/.exec(text);
    if (!match) return undefined;
    const [, dtype, lengths] = match;
    const shape = lengths?.split(',').map((length) => (length === '*' ? null : Number(length)));
    return {
      // The cast: the library rejects an unknown dtype.
      ...(dtype !== 'any' && { dtype: dtype as DTypeName }),
      ...(shape && { shape }),
    };
  },
};
