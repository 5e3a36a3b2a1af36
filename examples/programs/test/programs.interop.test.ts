// Every program that calls a model, or is called by a host, runs as it is with the real ones of examples/model. Only the ports are
// changed, because port 6000 may be in use. scripts/check-compilers.mjs runs the programs that need no Python.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ML_MODEL, startPeer } from '../../../packages/bridge/test/peers/python-peer.ts';
import { expectLines, program, promised } from '../../../packages/npy/test/support/readme-examples.ts';
import { freePort } from '../../../packages/transport/test/support/free-port.ts';
import { programs, sourceOf } from './sources.ts';

const python = process.env['BRIDGE_PYTHON'];
// The folder lies inside the folder of the programs, so that Node finds the packages that they import.
const folder = new URL('../.cache/programs/', import.meta.url);
const bin = fileURLToPath(new URL('bin/', folder));
const MODEL_FOLDER = fileURLToPath(new URL('../../model/', import.meta.url));

const SERVING = 'serve-a-host.ts';
const calling = readdirSync(programs)
  .filter((name) => name.endsWith('.ts') && name !== SERVING)
  .filter((name) => sourceOf(name).includes("from '@bridge/bridge'"));

beforeAll(async () => {
  await mkdir(bin, { recursive: true });
  // The programs run `python3`, so the folder has a program of that name which starts the Python with NumPy.
  await writeFile(`${bin}python3`, `#!/bin/sh\nexec "${python}" "$@"\n`);
  await chmod(`${bin}python3`, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const environment = (port: number): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${bin}:${process.env['PATH']}`,
  PORT: String(port),
  PYTHONDONTWRITEBYTECODE: '1',
});

describe.skipIf(!python)('with Python', () => {
  test.each(calling)('%s', async (name) => {
    let source = sourceOf(name);
    if (source.includes("'tcp://127.0.0.1:6000'")) {
      const { target } = await startPeer(python ?? '', ML_MODEL);
      source = source.replaceAll('tcp://127.0.0.1:6000', target);
    }
    const ports = [await freePort(), await freePort()] as const;
    source = source.replaceAll('6000 + i', `[${ports}][i]!`).replaceAll('port: 6000', `port: ${ports[0]}`);
    const args = await program(folder, name.replace(/\.ts$/, ''), source);
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: MODEL_FOLDER,
      env: environment(ports[0]),
    });
    expectLines(stdout, promised(source));
  });

  test(SERVING, async () => {
    const port = await freePort();
    const source = sourceOf(SERVING).replaceAll('127.0.0.1:6000', `127.0.0.1:${port}`);
    const args = await program(folder, 'serve-a-host', source);
    const serving = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment(port) });
    try {
      const [address] = await once(createInterface(serving.stdout), 'line');
      expectLines(String(address), promised(source));
      const host = ['webcam_stream.py', '--host', '127.0.0.1', '--port', String(port), '--frames', '2'];
      const { stdout } = await promisify(execFile)(python ?? '', host, { cwd: MODEL_FOLDER });
      expect(stdout).toContain('frame 1: 1 boxes\n  640x480 at 0,0 score 0.500 class 3\n');
      const ended = once(serving, 'exit');
      serving.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    } finally {
      serving.kill('SIGKILL');
    }
  });
});
