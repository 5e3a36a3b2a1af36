// @bridge/npy/core, /views, /pickle and /npz have no dependencies and no code from strings: they work in a Node that forbids eval and new
// Function, and no module that they import imports a package.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const core = new URL('../../src/core.ts', import.meta.url);
const views = new URL('../../src/views.ts', import.meta.url);
const pickle = new URL('../../src/pickle/index.ts', import.meta.url);
const npz = new URL('../../src/npz/index.ts', import.meta.url);
const flags = [
  '--disallow-code-generation-from-strings',
  '--conditions=@bridge/source',
  '--input-type=module',
  '--eval',
];

const program = `
  let forbidden = 0;
  try { new Function('return 1'); } catch { forbidden++; }
  try { (0, eval)('1'); } catch { forbidden++; }
  const { allocateStore, decode, decodeStream, encode, toNested } = await import(process.argv[1]);
  const { fromNested } = await import(process.argv[2]);
  const names = ['bool', 'int8', 'uint64', 'float16', 'float32', 'complex128'];
  const back = names.map((name) => decode(encode(fromNested([[true, false]], name), { fortranOrder: true })));
  const streamed = [];
  for await (const view of decodeStream([encode({ data: allocateStore('int32', 2) })])) streamed.push(toNested(view));
  const show = (key, value) => (typeof value === 'bigint' ? String(value) + 'n' : value);
  console.log(JSON.stringify({ forbidden, values: back.map(toNested), streamed }, show));
`;

test('works where code from strings is forbidden', async () => {
  const { stdout } = await run(process.execPath, [...flags, program, core.href, views.href]);
  const pair = (one: unknown, zero: unknown): unknown => [[one, zero]];
  expect(JSON.parse(stdout)).toEqual({
    forbidden: 2,
    values: [
      pair(true, false),
      pair(1, 0),
      pair('1n', '0n'),
      pair(1, 0),
      pair(1, 0),
      pair({ re: 1, im: 0 }, { re: 0, im: 0 }),
    ],
    streamed: [[0, 0]],
  });
});

test('pickles are read and written there as well', async () => {
  const use = `
    const { decode, encode, ObjectStore } = await import(process.argv[1]);
    const { pickle: objects } = await import(process.argv[2]);
    const file = encode({ data: new ObjectStore([1, 'a', null]) }, { objects });
    console.log(JSON.stringify([...decode(file, { objects }).data]));
  `;
  const { stdout } = await run(process.execPath, [...flags, use, core.href, pickle.href]);
  expect(JSON.parse(stdout)).toEqual([1, 'a', null]);
});

test('the ndarray entry does not, which is why there is a core', async () => {
  const entry = new URL('../../src/index.ts', import.meta.url).href;
  const use = `const { array } = await import(process.argv[1]); array([1]);`;
  await expect(run(process.execPath, [...flags, use, entry])).rejects.toThrow('Code generation from strings');
});

test.each([core, views, pickle, npz])('imports nothing but its own files: %s', (entry) => {
  const seen = new Map<string, string[]>();
  const visit = (url: URL): void => {
    if (seen.has(url.href)) return;
    const source = readFileSync(url, 'utf8');
    const specifiers = [...source.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => String(match[1]));
    seen.set(url.href, specifiers);
    for (const specifier of specifiers.filter((s) => s.startsWith('.'))) visit(new URL(specifier, url));
  };
  visit(entry);
  expect(seen.size).toBeGreaterThan(15);
  const bare = [...seen].flatMap(([file, specifiers]) =>
    specifiers.filter((s) => !s.startsWith('.')).map((s) => [file, s]),
  );
  expect(bare).toEqual([]);
});
