// Malformed files, each with a name and the code of its error: a list of what can be wrong, in the order of the bytes.
import { container } from './container.ts';
import { descr } from './descrs.ts';
import type { Malformed } from './row.ts';
import { text } from './text.ts';

export const sections: Readonly<Record<string, readonly Malformed[]>> = { ...container, ...text, ...descr };

export const malformed: readonly Malformed[] = Object.values(sections).flat();
