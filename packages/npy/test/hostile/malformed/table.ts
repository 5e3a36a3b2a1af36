// Files that are no arrays, each with a name and the one code that it is refused with: not what a fuzzer finds but what
// there is to get wrong, in the order of the bytes.
import { container } from './container.ts';
import { descr } from './descrs.ts';
import type { Malformed } from './row.ts';
import { text } from './text.ts';

export const sections: Readonly<Record<string, readonly Malformed[]>> = { ...container, ...text, ...descr };

export const malformed: readonly Malformed[] = Object.values(sections).flat();
