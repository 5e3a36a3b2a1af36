// Holds the declarations of the packages against the compilers that users have: TypeScript 5.4 to 7, strict, in each way to resolve modules.
// The compilers compile the programs of examples/programs, and those of packages/*/test/declarations with the types of a browser and nothing
// of Node's. The programs of examples/programs that need no Python are then run as JavaScript, on the oldest Node that is supported (the one
// that started npm, where it is) and on the toolchain's, and have to print what stands behind each console.log. examples/programs/test runs
// the others. The packages have to be built.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const programs = join(root, 'examples', 'programs');
const run = promisify(execFile);

/** Those of examples/programs from the oldest on, and the one that this repository is built with. */
const { devDependencies } = JSON.parse(readFileSync(join(programs, 'package.json'), 'utf8'));
const compilers = [
  ...Object.keys(devDependencies)
    .filter((name) => name.startsWith('typescript-'))
    .sort()
    .map((name) => join(programs, 'node_modules', name)),
  join(root, 'node_modules', 'typescript'),
];

/** @param {string} folder @returns {string[]} */
function sourcesIn(folder) {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((file) => file.endsWith('.ts')).map((file) => join(folder, file));
}
const sources = sourcesIn(programs);
/** The others call a model, or are called by a host. */
const withoutPython = sources.filter((file) => !readFileSync(file, 'utf8').includes("from '@bridge/bridge'"));
const declarations = ['npy', 'transport', 'bridge'].flatMap((name) =>
  sourcesIn(join(root, 'packages', name, 'test', 'declarations')),
);

const strict = {
  target: 'es2022',
  lib: ['es2022', 'dom'],
  types: [],
  typeRoots: [join(root, 'node_modules', '@types')],
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  // Our declarations are looked at, and those of Node and of ndarray with them. A compiler's own are fine.
  skipLibCheck: false,
  skipDefaultLibCheck: true,
};

/** @param {string} outDir for the JavaScript of the oldest compiler @returns {import('./compile-programs.mjs').Project[]} */
const projectsFor = (outDir) => [
  {
    what: 'programs on Node',
    files: sources,
    options: { ...strict, module: 'nodenext', types: ['node'], ...(outDir && { noEmit: false, outDir }) },
  },
  {
    what: 'declarations for a bundler',
    files: declarations,
    options: { ...strict, module: 'esnext', moduleResolution: 'bundler' },
  },
  {
    what: 'declarations with the newest libraries',
    files: declarations,
    options: { ...strict, module: 'node16', lib: ['esnext', 'dom'] },
  },
];

/** @type {string[]} */
const problems = [];

/** @param {string} compiler @param {string} cwd */
async function compile(compiler, cwd) {
  const projects = projectsFor(compiler === compilers[0] ? cwd : '');
  const script = join(root, 'scripts', 'compile-programs.mjs');
  await run(process.execPath, [script, compiler, JSON.stringify(projects)], { cwd }).catch((error) =>
    problems.push(error.stdout || error.stderr),
  );
}

/** @param {string} runtime @param {string} program @param {string} source */
async function runProgram(runtime, program, source) {
  const promised = [...source.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line = '']) => line);
  const { stdout } = await run(runtime, [program]).catch((error) => ({ stdout: `${error.stdout}${error.stderr}` }));
  if (stdout.trimEnd() === promised.join('\n') && promised.length > 0) return;
  problems.push(`${basename(program)} on ${runtime}: expected\n${promised.join('\n')}\nand it printed\n${stdout}`);
}

// Inside of the folder of the programs, so that what they import is found.
const cache = join(programs, '.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'compiled-'));
try {
  const left = [...compilers];
  // Two at a time, of which each takes a processor.
  await Promise.all(
    Array.from({ length: 2 }, async () => {
      for (let next = left.shift(); next; next = left.shift()) await compile(next, folder);
    }),
  );
  const runtimes = new Set([process.execPath, process.env['npm_node_execpath'] ?? process.execPath]);
  for (const file of problems.length > 0 ? [] : withoutPython) {
    const program = join(folder, basename(file).replace(/\.ts$/, '.js'));
    for (const runtime of runtimes) await runProgram(runtime, program, readFileSync(file, 'utf8'));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else
  console.log(
    `${compilers.length} compilers take ${declarations.length + sources.length} programs, and Node runs ${withoutPython.length}`,
  );
