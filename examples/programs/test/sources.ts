// Reads the programs as text.
import { readFileSync } from 'node:fs';

/** The folder of the programs. */
export const programs: URL = new URL('../', import.meta.url);

export function sourceOf(name: string): string {
  return readFileSync(new URL(name, programs), 'utf8');
}
