// A signal is sent to the demo alone, and not to its process group as by a terminal. Whichever of its processes gets the signal,
// and at whatever moment, the Python model and all other processes end, and the exit code tells the signal.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAIN } from './demo.ts';
import { start } from './offspring.ts';

const python = process.env['BRIDGE_PYTHON'];
const root = fileURLToPath(new URL('../../../', import.meta.url));
const endless = ['--frames', '1000000'];
const node = process.execPath;
const main = ['--conditions=@bridge/source', MAIN];
const run = [join(root, 'scripts/run.mjs'), 'demo'];

describe.skipIf(!python || process.platform !== 'linux').each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, exitCode) => {
  let folder = '';
  /** An interpreter that never finishes. */
  const slow = (): Record<string, string> => ({ BRIDGE_PYTHON: join(folder, 'python') });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bridge-signals-'));
    await writeFile(join(folder, 'python'), '#!/bin/sh\nexec sleep 1000\n');
    await chmod(join(folder, 'python'), 0o755);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ['the demo', node, [...main, ...endless]],
    ['the script that set it up', node, [...run, ...endless]],
    ['npm', 'npm', ['--prefix', root, 'run', 'demo', '--', ...endless]],
  ])('to %s, in the middle of the scene', async (_, command, args) => {
    const demo = start(command, args);
    await demo.says('model: ');
    await demo.has('ml_model.py');
    const { code, left, stderr } = await demo.endBy(signal);
    expect({ code, left }).toEqual({ code: exitCode, left: [] });
    expect(stderr).toContain(`demo: stopped by ${signal}\n`);
  });

  test('while the model is being started', async () => {
    const demo = start(node, main, slow());
    await demo.has('sleep');
    const { code, left, stderr } = await demo.endBy(signal);
    expect({ code, left, stderr }).toEqual({ code: exitCode, left: [], stderr: `demo: stopped by ${signal}\n` });
  });

  test('while setting up', async () => {
    const demo = start(node, run, slow());
    await demo.has('sleep');
    const { code, left } = await demo.endBy(signal);
    expect({ code, left }).toEqual({ code: exitCode, left: [] });
  });
});
