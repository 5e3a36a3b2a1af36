// The example model's own tests are in Python. They run with NumPy 2 and NumPy 1.24, which must give the same boxes bit for bit.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('.', import.meta.url));
const modules = readdirSync(folder).filter((name) => /^test_.*\.py$/.test(name));
const pythons = [
  ['NumPy 2.x', process.env['BRIDGE_PYTHON']],
  ['NumPy 1.24', process.env['BRIDGE_PYTHON_1_24']],
] as const;

describe.each(pythons)('on %s', (_, python) => {
  test.skipIf(!python).each(modules)('%s', async (module) => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const run = promisify(execFile)(python ?? '', ['-m', 'unittest', module], { cwd: folder, env });
    const output = await run.then(
      ({ stderr }) => stderr,
      (error: { stderr?: string; message: string }) => error.stderr ?? error.message,
    );
    expect(output).toMatch(/\nRan \d+ tests? in .*\n\nOK\n$/);
  });
});
