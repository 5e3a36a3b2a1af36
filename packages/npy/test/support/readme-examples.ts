// Runs the TypeScript examples of a README. The expected output is behind each console.log, or on comment lines at the left margin after
// the last one; … stands for anything. All README tests use it.
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';

const run = promisify(execFile);

export interface Example {
  /** Its first line that says something, for the test's name. */
  readonly name: string;
  readonly source: string;
}

/** Every block of `ts`. */
export function examplesOf(readme: string): Example[] {
  return [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, source = ''], i) => {
    const line = source.split('\n').find((each) => !/^(?:import .*|\} from .*|)$/.test(each)) ?? '';
    return { name: `${i + 1}: ${line}`, source };
  });
}

/** The output that an example declares. */
export function promised(source: string): string[] {
  return source.split('\n').flatMap((line) => {
    const [, printed] = /^(?:.*console\.log\(.*\); )?\/\/ (.*)$/.exec(line) ?? [];
    return printed === undefined ? [] : [printed];
  });
}

/**
 * The example as a program, for Node.
 * @param folder inside the package whose README it is, so that what it imports is found
 */
export async function program(folder: URL, name: string, source: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const file = new URL(`${name}.ts`, folder);
  await writeFile(file, source);
  return ['--conditions=@bridge/source', fileURLToPath(file)];
}

/** Runs a program and holds what it prints against what it says. */
export async function expectPromised(
  args: readonly string[],
  source: string,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const { stdout } = await run(process.execPath, args, options);
  expectLines(stdout, promised(source));
}

/** Holds what was printed against what was promised. */
export function expectLines(printed: string, lines: readonly string[]): void {
  const shown = printed.trimEnd();
  const pattern = lines.map((line) => line.split('…').map(escaped).join('.*')).join('\n');
  if (pattern.includes('.*')) expect(shown).toMatch(new RegExp(`^${pattern}$`));
  else expect(shown).toBe(lines.join('\n'));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
