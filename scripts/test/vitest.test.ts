// `npm test` ends with a summary and an exit code. The tests run vitest itself on folders whose tests pass, fail, skip and crash.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runVitest, verdict } from '../tasks/vitest.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const CHECKS = { passed: 2, failed: 0 };
const PASSES = "import { describe, expect, test, beforeAll } from 'vitest';\ntest('passes', () => {});\n";

/** Resolves with the summary and the exit code for a folder with these test files. */
async function verdictOn(
  files: Readonly<Record<string, string>>,
  ci = false,
): Promise<{ lines: string[]; code: number }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'npbridge-verdict-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules', 'vitest'), join(folder, 'node_modules', 'vitest'));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const bin = join(ROOT, 'node_modules', '.bin');
  const { VITEST_POOL_ID: _pool, VITEST_WORKER_ID: _worker, ...env } = process.env;
  const chain = { node: process.execPath, bin, env: { ...env, PATH: `${bin}:${env.PATH}`, CI: '' } };
  return verdict(CHECKS, await runVitest(chain, {}, ['--root', folder], { stdio: 'ignore' }), { ci });
}

test('all pass', async () => {
  expect(await verdictOn({ 'a.test.js': PASSES })).toEqual({ lines: ['3 passed, 0 failed'], code: 0 });
});

test('one fails', async () => {
  const files = { 'a.test.js': `${PASSES}test('fails', () => expect(1).toBe(2));` };
  expect(await verdictOn(files)).toEqual({ lines: ['3 passed, 1 failed'], code: 1 });
});

test('a skipped test is named, and fails the run on CI alone', async () => {
  const skips = "describe('deep', () => { test.skip('skips', () => {}); test.todo('later'); });";
  const files = { 'a.test.js': `${PASSES}${skips}` };
  const lines = [
    'SKIPPED a.test.js > deep > skips',
    'SKIPPED a.test.js > deep > later',
    '3 passed, 0 failed, 2 skipped',
  ];
  expect(await verdictOn(files)).toEqual({ lines, code: 0 });
  expect(await verdictOn(files, true)).toEqual({ lines, code: 1 });
});

test.each([
  ['a file that cannot be loaded', { 'b.test.js': 'const = ;' }, 1],
  ['a file that throws', { 'b.test.js': "throw new Error('thrown');" }, 1],
  [
    'an error outside of any test',
    {
      'b.test.js': `${PASSES}setTimeout(() => { throw new Error('late'); }, 0);
    test('waits', () => new Promise((resolve) => setTimeout(resolve, 50)));`,
    },
    1,
  ],
  ['a worker that ends', { 'b.test.js': `${PASSES}test('ends', () => process.kill(process.pid, 'SIGKILL'));` }, 1],
])('%s', async (_what, files, failed) => {
  const { lines, code } = await verdictOn({ 'a.test.js': PASSES, ...files });
  expect(lines.at(-1)).toMatch(new RegExp(`^\\d+ passed, ${failed} failed`));
  expect(code).toBe(1);
});

test('a hook that fails counts, and the tests behind it are named', async () => {
  const hook =
    "describe('hooked', () => { beforeAll(() => { throw new Error('hook'); }); test('unreached', () => {}); });";
  const { lines, code } = await verdictOn({ 'a.test.js': `${PASSES}${hook}` });
  expect(lines).toEqual(['SKIPPED a.test.js > hooked > unreached', '3 passed, 1 failed, 1 skipped']);
  expect(code).toBe(1);
});

test('vitest itself ends, before it counts or before it begins', async () => {
  const kill = `${PASSES}test('kills', () => process.kill(process.ppid, 'SIGKILL'));`;
  expect(await verdictOn({ 'a.test.js': kill })).toEqual({ lines: ['2 passed, 1 failed'], code: 1 });
  const config = { 'vitest.config.js': "throw new Error('no config');", 'a.test.js': PASSES };
  expect(await verdictOn(config)).toEqual({ lines: ['2 passed, 1 failed'], code: 1 });
});

test('no test at all', async () => {
  expect((await verdictOn({})).code).toBe(1);
});
