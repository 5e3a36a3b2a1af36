// Every example of the README compiles, runs, and prints what its comments say: on the line of each console.log, or on comment lines after
// the last one.
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allocateStore, defaultLimits, encode, type NpyErrorCode, readHeader } from '../../src/core.ts';
import { fixedTypes } from '../../src/dtype/dtype.ts';
import { dtypeNames } from '../support/random-arrays.ts';
import { examplesOf, expectPromised, program, promised } from '../support/readme-examples.ts';

const run = promisify(execFile);
const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
const tsc = fileURLToPath(new URL('../bin/tsc', import.meta.resolve('typescript')));
// The folder lies inside the package, so that '@bridge/npy' resolves to this package.
const folder = new URL('../../.cache/readme/', import.meta.url);

afterAll(() => rm(folder, { recursive: true, force: true }));

const examples = examplesOf(readme).map(({ source }) => source);

const fileOf = (i: number): URL => new URL(`example-${i}.ts`, folder);

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  await Promise.all(examples.map((source, i) => writeFile(fileOf(i + 1), source)));
});

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(6);
});

test('the examples compile', async () => {
  const project = new URL('tsconfig.json', folder);
  const compilerOptions = { incremental: false, tsBuildInfoFile: null };
  const extended = fileURLToPath(new URL('../../../../tsconfig.programs.json', import.meta.url));
  await writeFile(project, JSON.stringify({ extends: extended, compilerOptions, include: ['*.ts'] }));
  const args = [tsc, '--project', fileURLToPath(project), '--noEmit'];
  // tsc prints its diagnostics on stdout and exits with a code other than 0.
  const printed = await run(process.execPath, args).catch((error: { stdout: string }) => error);
  expect(printed.stdout).toBe('');
  expect(printed).not.toBeInstanceOf(Error);
});

test.each(examples.map((source, i) => [i + 1, source] as const))(
  'example %i prints what it says',
  async (i, source) => {
    expect(promised(source).length).toBeGreaterThan(0);
    await expectPromised(await program(folder, `example-${i}`, source), source);
  },
);

test('the table of dtypes is that of the package', () => {
  for (const dtype of [...dtypeNames, 'longdouble', 'clongdouble'] as const) {
    const descr = readHeader(encode({ data: allocateStore(dtype, 1) }))?.descr;
    const shown = String(descr).replace('|', '\\|');
    expect(readme).toContain(`| \`${dtype}\` | \`${shown}\` |`);
  }
  const rows = [...readme.matchAll(/^\| `([a-z]+\d*)` \| `[\\|<]/gm)].map((match) => match[1]);
  expect(rows.sort()).toEqual([...dtypeNames, 'clongdouble', 'longdouble'].sort());
  for (const name of Object.keys(fixedTypes)) expect(readme).toContain(`\`${name}\``);
});

test('the table of errors has every code', () => {
  // This is a Record over all codes: TypeScript refuses it if a code is missing.
  const codes: Record<NpyErrorCode, true> = {
    NPY_NOT_NPY: true,
    NPY_VERSION: true,
    NPY_HEADER: true,
    NPY_DESCR: true,
    NPY_SHAPE: true,
    NPY_LIMIT: true,
    NPY_TRUNCATED: true,
    NPY_DTYPE: true,
    NPY_VALUE: true,
    NPY_OBJECTS: true,
    NPY_PICKLE: true,
    NPY_ARCHIVE: true,
    NPY_ARRAY: true,
    NPY_TARGET: true,
    NPY_OPTION: true,
    NPY_INDEX: true,
  };
  const rows = [...readme.matchAll(/^\| `(NPY_[A-Z_]+)` \|/gm)].map((match) => match[1]);
  expect(rows.sort()).toEqual(Object.keys(codes).sort());
});

test('the table of limits has every limit', () => {
  for (const limit of Object.keys(defaultLimits)) expect(readme).toContain(`| \`${limit}\` |`);
});
