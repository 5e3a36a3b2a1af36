// The shim's own tests are in Python and need no NumPy. They run on every Python that the tests find on this machine.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import { pythons } from '../pythons.ts';

const SYSTEM = '/usr/bin/python3';
const folder = fileURLToPath(new URL('shim/', import.meta.url));
const modules = readdirSync(folder).filter((name) => name.startsWith('test_'));
const system: (typeof pythons)[number][] = existsSync(SYSTEM) ? [["the system's Python", SYSTEM]] : [];

describe.each([...pythons.slice(0, 1), ...system])('on %s', (_, python) => {
  test.skipIf(!python).concurrent.for(modules)('%s', async (module, { expect }) => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const run = promisify(execFile)(python ?? '', ['-m', 'unittest', module], { cwd: folder, env });
    const output = await run.then(
      ({ stderr }) => stderr,
      (error: { stderr?: string; message: string }) => error.stderr ?? error.message,
    );
    expect(output).toMatch(/\nRan \d+ tests? in .*\n\nOK\n$/);
  });
});
