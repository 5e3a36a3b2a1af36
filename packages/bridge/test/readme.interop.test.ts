// Every program of the two READMEs runs as it is printed, with the model that it names: the real ml_model.py on port 6000, or
// another Python program for another dialect. Only the ports are changed, because they may be in use. The table of errors lists
// every code of this package with its fault.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Example,
  examplesOf,
  expectLines,
  expectPromised,
  program,
} from '../../npy/test/support/readme-examples.ts';
import { freePort } from '../../transport/test/support/free-port.ts';
import { BridgeError, type BridgeErrorCode } from '../src/index.ts';
import { ML_MODEL, peer, startPeer } from './peers/python-peer.ts';

const python = process.env['BRIDGE_PYTHON'];
// The folder lies inside the package, so that '@bridge/bridge' resolves to this package.
const folder = new URL('../.cache/readme/', import.meta.url);
const bin = fileURLToPath(new URL('bin/', folder));
const MODEL_FOLDER = fileURLToPath(new URL('../../../examples/model/', import.meta.url));

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const root = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
const examples = [...examplesOf(root), ...examplesOf(readme)].map((each, i) => ({ ...each, file: `example-${i}` }));

beforeAll(async () => {
  await mkdir(bin, { recursive: true });
  // The examples run `python3`, so the folder has a program of that name which starts the Python with NumPy.
  await writeFile(`${bin}python3`, `#!/bin/sh\nexec "${python}" "$@"\n`);
  await chmod(`${bin}python3`, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns the server that listens on port 6000 in an example, if it is not ml_model.py. */
function listenerOf({ source }: Example): string {
  if (source.includes('noReply()')) return peer('numpysocket_recorder.py');
  return source.includes('uintLength') ? peer('prefixed_request.py') : ML_MODEL;
}

/** Returns the example with other ports, and with the variables and files that it expects. */
async function adapted(example: Example): Promise<{ source: string; env: NodeJS.ProcessEnv }> {
  const { source } = example;
  const calls = (port: number): boolean => new RegExp(`connect\\([^)]*127\\.0\\.0\\.1:${port}`).test(source);
  const target = async (port: number): Promise<string> =>
    calls(port) ? (await startPeer(python ?? '', listenerOf(example))).target : `tcp://127.0.0.1:${await freePort()}`;
  const ports = [await freePort(), await freePort()];
  return {
    source: source
      .replaceAll('tcp://127.0.0.1:6000', await target(6000))
      .replaceAll('tcp://127.0.0.1:6001', await target(6001))
      .replaceAll('6000 + i', `${JSON.stringify(ports)}[i]!`)
      .replaceAll('port: 6000', `port: ${ports[0]}`),
    env: {
      ...process.env,
      PATH: `${bin}:${process.env['PATH']}`,
      PORT: String(ports[0]),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  };
}

const SERVES = 'const whole =';

describe.skipIf(!python)('with Python', () => {
  test.each(examples.filter(({ source }) => !source.includes(SERVES)))('$name', async (example) => {
    const { source, env } = await adapted(example);
    await expectPromised(await program(folder, example.file, source), source, { cwd: MODEL_FOLDER, env });
  });

  test('a host is served, and the program goes on', async () => {
    const example = examples.find(({ source }) => source.includes(SERVES));
    const { source, env } = await adapted(example ?? { name: '', source: '' });
    const args = await program(folder, 'serving', source);
    const serving = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
    try {
      const [address] = await once(createInterface(serving.stdout), 'line');
      expectLines(String(address), [source.match(/tcp:\/\/127\.0\.0\.1:\d+/)?.[0] ?? '']);
      const host = ['webcam_stream.py', '--host', '127.0.0.1', '--port', new URL(address).port, '--frames', '2'];
      const { stdout } = await promisify(execFile)(python ?? '', host, { cwd: MODEL_FOLDER });
      expect(stdout).toContain('frame 1: 1 boxes\n  640x480 at 0,0 score 0.500 class 3\n');
      expect(serving.exitCode).toBe(null);
    } finally {
      serving.kill();
    }
  });
});

test('addresses are numbers: a name may lead elsewhere', async () => {
  const deploy = await readFile(new URL('../../../deploy/README.md', import.meta.url), 'utf8');
  for (const text of [readme, root, deploy]) expect(text).not.toMatch(/tcp:\/\/localhost/);
});
test('the table of errors has every code, with its fault', () => {
  // This is a Record over all codes: TypeScript refuses it if a code is missing.
  const codes: Record<BridgeErrorCode, true> = {
    BRIDGE_BAD_REPLY: true,
    BRIDGE_TIMEOUT: true,
    BRIDGE_WEDGED: true,
    BRIDGE_SCHEMA: true,
    BRIDGE_QUEUE_FULL: true,
    BRIDGE_CLOSED: true,
    BRIDGE_TURN: true,
    BRIDGE_TARGET: true,
    BRIDGE_OPTION: true,
    BRIDGE_BAD_REQUEST: true,
    BRIDGE_LAUNCH: true,
  };
  const rows = [...readme.matchAll(/^\| `(BRIDGE_[A-Z_]+)` \| (\w+) \|/gm)].map(([, code, fault]) => [code, fault]);
  const expected = (Object.keys(codes) as BridgeErrorCode[]).map((code) => [code, new BridgeError(code, '').fault]);
  expect(rows).toEqual(expected);
});
