// Float16 arrays have the same values and bytes in a runtime with the class Float16Array, such as Node 24, and in one without, such
// as Node 20. Their store is the one that `Float16Data` names for the runtime.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const entry = new URL('../../src/index.ts', import.meta.url);

const program = `
  const { array, decode, dtypeOf, encode, hasDType, ravel, toNested } = await import(process.argv[1]);
  const made = array([[0.5, -2], [65504, 0.1]], { dtype: 'float16' });
  const file = encode(made);
  const { data, dtype } = decode(file, { dtype: 'float16' });
  const turned = decode(file).transpose(1, 0);
  made.set(0, 0, 1.5);
  console.log(JSON.stringify({
    store: [data.constructor.name, dtype],
    values: [...data],
    file: Buffer.from(file).toString('base64'),
    same: [dtypeOf(data), dtypeOf(turned), hasDType(turned, 'float16'), made.get(0, 0), toNested(turned), [...ravel(turned)]],
    converted: [...array(data, { dtype: 'float32' }).data],
  }));
`;

async function inRuntime(...flags: string[]): Promise<{ readonly store: unknown }> {
  const args = [...flags, '--conditions=@bridge/source', '--input-type=module', '--eval', program, entry.href];
  const { stdout } = await run(process.execPath, args);
  return JSON.parse(stdout);
}

test('with Float16Array and without', async () => {
  const [{ store, ...native }, { store: ourStore, ...ours }] = await Promise.all([
    inRuntime('--js-float16array'),
    inRuntime('--no-js-float16array'),
  ]);
  expect(store).toEqual(['Float16Array', 'float16']);
  expect(ourStore).toEqual(['Float16Store', 'generic']);
  expect(ours).toEqual(native);
  expect(ours).toMatchObject({
    values: [0.5, -2, 65504, 0.0999755859375],
    same: [
      'float16',
      'float16',
      true,
      1.5,
      [
        [0.5, 65504],
        [-2, 0.0999755859375],
      ],
      [0.5, 65504, -2, 0.0999755859375],
    ],
    converted: [0.5, -2, 65504, 0.0999755859375],
  });
});
