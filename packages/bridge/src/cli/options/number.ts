// Numbers on a command line. The library checks their ranges.
import type { Value } from './option.ts';

/** A number of milliseconds. */
export const milliseconds: Value<number> = numberOf('MS');

/** A number of anything else. */
export const count: Value<number> = numberOf('N');

function numberOf(word: string): Value<number> {
  return {
    word,
    expected: 'a number',
    read(text) {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      return value >= 0 ? value : undefined;
    },
  };
}
