// Reads the programs as text, and the output that they declare.
import { readFileSync } from 'node:fs';

/** The folder of the programs. */
export const programs: URL = new URL('../', import.meta.url);

export function sourceOf(name: string): string {
  return readFileSync(new URL(name, programs), 'utf8');
}

/** Returns the lines that a program declares as its output, in a comment behind each console.log. */
export function promised(source: string): string[] {
  return [...source.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line = '']) => line);
}
