// The TypeScript of the root README runs, with what its text says is there: a frame and a Python model (or its file), a Python
// host, the bytes of a file. Only the port is another one. The table it shows has the columns that the demo prints.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, startModelProcess } from '../src/model-process.ts';
import { runTable } from '../src/report.ts';
import { MODEL_FOLDER } from '../src/running-model.ts';

const run = promisify(execFile);
const python = process.env['BRIDGE_PYTHON'];
const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
// Inside the demo, so that '@bridge/bridge' is ours.
const folder = new URL('../.cache/readme/', import.meta.url);

beforeAll(() => mkdir(folder, { recursive: true }));
afterAll(() => rm(folder, { recursive: true, force: true }));

const examples = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => String(match[1]));

/** Node's arguments for the one example with `word` in it, between what it takes for granted and a look at its outcome. */
async function program(
  word: string,
  before: string,
  after: string,
  adapt = (source: string) => source,
): Promise<string[]> {
  const [source, ...others] = examples.filter((example) => example.includes(word));
  expect([typeof source, others]).toEqual(['string', []]);
  const file = fileURLToPath(new URL(`${word}.ts`, folder));
  await writeFile(file, `${before}\n${adapt(source ?? '')}\n${after}\n`);
  return ['--conditions=@bridge/source', file];
}

const FRAME = "import { scene } from '../../src/scene.ts';\nconst frame = scene(1).next().value!.picture;";

/** The example with another port than the one it names, which another program may have. */
const at = (address: string) => (source: string) => {
  expect(source).toMatch(/'tcp:\/\/[\w.]+:6000'/);
  return source.replace(/'tcp:\/\/[\w.]+:6000'/, `'${address}'`);
};

test('these are all the examples', () => {
  expect(examples).toHaveLength(4);
});

describe.skipIf(!python)('with Python', () => {
  test('a model is called', async () => {
    await using model = await startModelProcess(python ?? '');
    const args = await program('model.call', FRAME, 'console.log(...boxes.shape, boxes.dtype);', at(model.target));
    expect((await run(process.execPath, args)).stdout).toBe('4 6 float32\n');
  });

  test('a model is started, and called', async () => {
    const port = await freePort();
    const adapt = (source: string): string => {
      const named = "command: ['python3', 'ml_model.py'], port: 6000";
      expect(source).toContain(named);
      const there = { command: [python, 'ml_model.py'], cwd: MODEL_FOLDER, env: { PORT: String(port) }, port };
      return source.replace(named, JSON.stringify(there).slice(1, -1));
    };
    const look = 'console.log((await model.call(frame)).shape, launched.stats.replicas[0]?.state.phase);';
    const args = await program('launched.connect', FRAME, look, adapt);
    expect((await run(process.execPath, args)).stdout).toBe('[ 4, 6 ] up\n');
  });

  test('a host is served', async () => {
    const findBoxes = 'const findBoxes = (frame: { shape: number[] }) => [[...frame.shape, 5, 0.5, 3]];';
    const args = await program('serve', findBoxes, 'console.log(listener.address);', at('tcp://127.0.0.1:0'));
    const listener = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [address] = await once(createInterface(listener.stdout), 'line');
      const host = ['webcam_stream.py', '--host', '127.0.0.1', '--port', new URL(address).port, '--frames', '2'];
      const { stdout } = await run(python ?? '', host, { cwd: MODEL_FOLDER });
      expect(stdout).toContain('frame 1: 1 boxes\n  3x5 at 480,640 score 0.500 class 3\n');
      expect(listener.exitCode).toBe(null);
    } finally {
      listener.kill();
    }
  });

  test('a file of NumPy is read, and written with the same bytes', async () => {
    const file = fileURLToPath(new URL('numbers.npy', folder));
    const save = 'import sys, numpy; numpy.save(sys.argv[1], numpy.linspace(0, 1, 12, dtype="f4").reshape(3, 4))';
    await run(python ?? '', ['-c', save, file]);
    // The example calls its result `file`.
    const bytes = `import { readFileSync } from 'node:fs';\nconst bytes = readFileSync(${JSON.stringify(file)});`;
    const look = 'console.log(...array.shape, array.dtype, Buffer.compare(bytes, file));';
    expect((await run(process.execPath, await program('decode', bytes, look))).stdout).toBe('3 4 float32 0\n');
  });
});

test('the table has the columns that the demo prints', () => {
  const boxes = { known: 1, found: 1, extra: 0 };
  const printed = runTable({ frames: 1, seconds: 1, latencies: [1], boxes, meanIou: 1, sample: undefined });
  expect(readme.replaceAll(/ +/g, ' ')).toContain(`${printed.split('\n')[0]?.replaceAll(/ +/g, ' ')}\n`);
});
