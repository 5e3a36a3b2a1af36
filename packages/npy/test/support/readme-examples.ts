// Runs the TypeScript examples of a README or another page. A comment behind each console.log has the expected output, or comment
// lines at the left margin after the last one; … stands for any text. All tests of pages and of examples use this file.
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';

const run = promisify(execFile);

export interface Example {
  /** The example's first line that is not an import, for the test's name. */
  readonly name: string;
  readonly source: string;
}

/** Returns every code block of `ts`. */
export function examplesOf(readme: string): Example[] {
  return [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, source = ''], i) => {
    const line = source.split('\n').find((each) => !/^(?:import .*|\} from .*|)$/.test(each)) ?? '';
    return { name: `${i + 1}: ${line}`, source };
  });
}

/** Returns the lines that a program declares as its output, in its comments. */
export function promised(source: string): string[] {
  const beside = /console\.log\(.*\)[;,] \/\/ (.*)$/gm;
  const behind = /^\/\/ (.*)$/gm;
  const end = source.slice(source.lastIndexOf('console.log('));
  return [...source.matchAll(beside), ...end.matchAll(behind)].map(([, printed = '']) => printed);
}

/**
 * Writes an example to a file, and resolves with the arguments with which Node runs it.
 * @param folder inside the package of the README, so that Node finds the packages that the example imports
 */
export async function program(folder: URL, name: string, source: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const file = new URL(`${name}.ts`, folder);
  await writeFile(file, source);
  return ['--conditions=@bridge/source', fileURLToPath(file)];
}

/** Runs a program and compares its output with the output that it declares. */
export async function expectPromised(
  args: readonly string[],
  source: string,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const { stdout } = await run(process.execPath, args, options);
  expectLines(stdout, promised(source));
}

/** Compares printed lines with declared lines. */
export function expectLines(printed: string, lines: readonly string[]): void {
  const shown = printed.trimEnd();
  const pattern = lines.map((line) => line.split('…').map(escaped).join('.*')).join('\n');
  if (pattern.includes('.*')) expect(shown).toMatch(new RegExp(`^${pattern}$`));
  else expect(shown).toBe(lines.join('\n'));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
