// docs/wires.md agrees with the Python programs that it quotes. Each TypeScript program of the page compiles, and runs as it is
// printed, but for its port, with the Python program above it at the other end. That program contains each quoted Python line.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { expectLines, program, promised } from '../../../npy/test/support/readme-examples.ts';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { peer, startPeer } from '../peers/python-peer.ts';
import { pythons } from '../pythons.ts';

interface Wire {
  /** The file of the Python program at the other end, such as `seed.py`. */
  readonly peer: string;
  /** The parts of the Python program that the page quotes. */
  readonly quotes: readonly string[];
  readonly source: string;
}

const MAX_LINES = 12;
const page = await readFile(new URL('../../../../docs/wires.md', import.meta.url), 'utf8');
// The folder lies inside the package, so that '@bridge/bridge' resolves to this package.
const folder = new URL('../../.cache/wires/', import.meta.url);
const wires = wiresOf(page);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns each TypeScript program of the page, with the Python file that the page linked last and the quotes since then. */
function wiresOf(text: string): Wire[] {
  const found: Wire[] = [];
  let quotes: string[] = [];
  let file = '';
  for (const [, linked, language, block = ''] of text.matchAll(/peers\/wires\/(\w+\.py)\)|^```(\w+)\n(.*?)^```/gms)) {
    if (linked !== undefined) [file, quotes] = [linked, []];
    else if (language === 'python') quotes.push(block);
    else found.push({ peer: file, quotes, source: block });
  }
  return found;
}

function isServer({ source }: Wire): boolean {
  return source.includes('serve(');
}

/** Starts the TypeScript program of a wire, and collects its output. Equal lines in a row count once. */
async function startSnippet(wire: Wire, port: number): Promise<{ child: ChildProcess; printed(): string[] }> {
  const source = wire.source.replaceAll('6000', String(port));
  const args = await program(folder, `run-${wire.peer.slice(0, -3)}`, source);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const printed = (): string[] => {
    const lines = said.trimEnd().split('\n');
    return lines.filter((line, i) => line !== lines[i - 1]);
  };
  return { child, printed };
}

test('each wire has a program of at most twelve lines, and each Python program is quoted', async () => {
  const files = await readdir(dirname(peer('wires/ends.py')));
  expect(new Set(wires.map((wire) => wire.peer))).toEqual(
    new Set(files.filter((name) => name.endsWith('.py') && name !== 'ends.py')),
  );
  for (const { source, peer: file, quotes } of wires) {
    expect(source.trimEnd().split('\n').length, file).toBeLessThanOrEqual(MAX_LINES);
    expect(quotes.length, file).toBeGreaterThan(0);
    expect(promised(source).length, file).toBeGreaterThan(0);
  }
});

test.each(wires)('the lines of $peer are those of the program', async ({ peer: file, quotes }) => {
  const lines = await readFile(peer(`wires/${file}`), 'utf8');
  for (const quote of quotes) expect(`\n${lines}`).toContain(`\n${quote}`);
});

describe('compiled', () => {
  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    for (const { peer: file, source } of wires) {
      await writeFile(new URL(`${file.slice(0, -3)}.ts`, folder), `${source}export {};\n`);
    }
  });

  test('under strict', async () => {
    const files = wires.map(({ peer: file }) => fileURLToPath(new URL(`${file.slice(0, -3)}.ts`, folder)));
    const options = {
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      target: 'ES2022',
      module: 'NodeNext',
      lib: ['ESNext'],
      types: ['node'],
      customConditions: ['@bridge/source'],
      allowImportingTsExtensions: true,
      skipLibCheck: true,
    };
    const config = new URL('tsconfig.json', folder);
    await writeFile(config, JSON.stringify({ compilerOptions: options, files }));
    const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
    let problems = '';
    try {
      execFileSync(process.execPath, [join(dirname(manifest), 'bin', 'tsc'), '-p', fileURLToPath(config)], {
        encoding: 'utf8',
      });
    } catch (error) {
      problems = (error as { stdout: string }).stdout;
    }
    expect(problems).toBe('');
  });
});

// Pickles contain names of modules that NumPy 2 has moved, so the programs that pickle run with both major versions. The .npy
// format is the same in both.
const runs = pythons.map(([label, python], i) => ({
  label,
  python,
  tried: wires.filter((wire) => i === 0 || wire.peer.startsWith('pickle_')),
}));

describe.each(runs)('run on $label', ({ python, tried }) => {
  test.skipIf(!python).each(tried.filter((wire) => !isServer(wire)))('$peer is called', async (wire) => {
    const { port, alive } = await startPeer(python ?? '', peer(`wires/${wire.peer}`));
    const { child, printed } = await startSnippet(wire, port);
    expect(await once(child, 'close')).toEqual([0, null]);
    expectLines(printed().join('\n'), promised(wire.source));
    // The server with the package numpysocket accepts one connection and ends with it.
    if (wire.peer !== 'numpysocket_model.py') expect(alive()).toBe(true);
  });

  test.skipIf(!python).each(tried.filter(isServer))('$peer is served', async (wire) => {
    const port = await freePort();
    const { child, printed } = await startSnippet(wire, port);
    const file = peer(`wires/${wire.peer}`);
    const env = { ...process.env, HOST: '127.0.0.1', PORT: String(port), PYTHONDONTWRITEBYTECODE: '1' };
    const host = spawn(python ?? '', [file], { cwd: dirname(file), env, stdio: ['ignore', 'inherit', 'inherit'] });
    onTestFinished(() => {
      host.kill('SIGKILL');
    });
    expect(await once(host, 'close')).toEqual([0, null]);
    await expect.poll(printed).toEqual(promised(wire.source));
    expect(child.exitCode).toBe(null);
  });
});
