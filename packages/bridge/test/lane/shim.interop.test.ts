// The shim's own tests are in Python and need no NumPy: they are run by the Pythons at hand.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'vitest';
import { pythons } from '../pythons.ts';

const SYSTEM = '/usr/bin/python3';
const here = fileURLToPath(new URL('.', import.meta.url));
const system: (typeof pythons)[number][] = existsSync(SYSTEM) ? [["the system's Python", SYSTEM]] : [];

for (const [label, python] of [...pythons.slice(0, 1), ...system]) {
  test.skipIf(!python)(`test_shim.py on ${label}`, { concurrent: true }, async ({ expect }) => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const run = promisify(execFile)(python ?? '', ['-m', 'unittest', 'test_shim'], { cwd: here, env });
    const said = await run.then(
      ({ stderr }) => stderr,
      (error: { stderr?: string; message: string }) => error.stderr ?? error.message,
    );
    expect(said).toMatch(/\nRan \d+ tests in .*\n\nOK\n$/);
  });
}
