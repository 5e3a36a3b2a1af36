// Every example of the README runs: each as a program of its own, against a model that answers whatever it gets. The table of
// errors has every code of this package, with its fault.
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { array } from '@bridge/npy';
import { noReply, uintLength } from '@bridge/transport';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BridgeError, type BridgeErrorCode, dialects, npyMessage, serve } from '../src/index.ts';
import { freePort } from './peers/python-peer.ts';

const run = promisify(execFile);
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
// Inside the package, so that '@bridge/bridge' is this package.
const folder = new URL('../.cache/readme/', import.meta.url);

beforeAll(() => mkdir(folder, { recursive: true }));
afterAll(() => rm(folder, { recursive: true, force: true }));

const examples = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => String(match[1]));

/** What each example prints, by a word that only it has. */
const PRINTED: [word: string, printed: string][] = [
  ["dtype: 'float32', timeout", '0 0\n0 0\n'],
  ["policy: 'every'", '0 [ 2, 6 ]\n1 [ 2, 6 ]\n2 [ 2, 6 ]\n0\n'],
  ['localhost:6001', '2 ['],
  ['launched.logs.tail', '[ 921600 ] up [\n  {'],
  ['launched.scale', '1 {}\n'],
  ["'BRIDGE_SCHEMA'", 'the input is not what was declared: expected dtype uint8, got float32 {'],
  ['listener.address', 'tcp://127.0.0.1:'],
  ['maxHandlers', 'closed\n'],
  ['relay(', '[ 2 ] 1\n'],
  ['dialects.prefixed', ''],
  ['noReply', '500 frames were handed over\n'],
  ['bridge:model', ''],
  ['traceCalls', ''],
];

const MODELS = fileURLToPath(new URL('launch/models.py', import.meta.url));
/** A model without NumPy that answers with what it gets, on the port of its number. */
const ECHO = `[${JSON.stringify(process.env['BRIDGE_PYTHON'] ?? 'python3')}, ${JSON.stringify(MODELS)}, 'echo', String(PORTS[i])]`;

test('there is an expectation for every example', () => {
  expect(examples).toHaveLength(PRINTED.length);
});

test.each(PRINTED)('the example with %s', async (word, printed) => {
  const source = examples.find((example) => example.includes(word)) ?? '';
  const own =
    word === 'noReply'
      ? { ...dialects.numpysocket, reply: noReply() }
      : word === 'dialects.prefixed'
        ? dialects.prefixed({ request: uintLength({ bytes: 4 }), reply: npyMessage() })
        : undefined;
  await using listener = await serve(
    'tcp://127.0.0.1:0',
    () => array(new Float32Array(12), { shape: [2, 6] }),
    own ? { dialect: own } : {},
  );
  await using second = await serve('tcp://127.0.0.1:0', () => [1]);
  const ports = [await freePort(), await freePort()];
  const file = new URL(`example-${PRINTED.findIndex(([each]) => each === word)}.ts`, folder);
  await writeFile(
    file,
    source
      .replaceAll('tcp://localhost:6000', listener.address)
      .replaceAll('tcp://127.0.0.1:6000', listener.address)
      .replaceAll('tcp://localhost:6001', second.address)
      .replaceAll("command: ['python3', 'ml_model.py']", `command: (i: number) => ${ECHO} as string[]`)
      .replaceAll(/6000 \+ i/g, `${JSON.stringify(ports)}[i]`)
      .replaceAll('port: 6000', `port: ${ports[0]}`)
      .replaceAll('PORTS', JSON.stringify(ports)),
  );
  const { stdout } = await run(process.execPath, ['--conditions=@bridge/source', fileURLToPath(file)]);
  expect(stdout.startsWith(printed)).toBe(true);
  if (printed === '') expect(stdout).toBe('');
});

test('the table of errors has every code, with its fault', () => {
  // A record of all codes: one that is missing here does not compile.
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
