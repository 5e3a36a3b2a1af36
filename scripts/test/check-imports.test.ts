// Every rule about imports reports an import that breaks it: the test adds such imports to a copy of the packages.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import config, { PACKAGES } from '../../.dependency-cruiser.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

const NAMES = Object.keys(PACKAGES);
const BARE = PACKAGES.npy?.bare ?? [];

/** Each rule, with a file that breaks it and the file's text. Without a text it is a folder. */
const FAULTS: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['a circle', 'npy/src/planted/egg.ts', "import type { Hen } from './hen.ts';\nexport interface Egg { hen: Hen }\n"],
  ['folders that import each other', 'npy/src/planted-one', ''],
  ['an import that leads nowhere', 'npy/src/planted/nowhere.ts', "import './gone.ts';\n"],
  ['an import that leads nowhere', 'npy/src/planted/no-package.ts', "await import('undici');\n"],
  ['an index', 'bridge/src/planted/index-reader.ts', "export * from '../index.ts';\n"],
  ['another carrier', 'transport/src/carriers/planted/client.ts', "import '../planted-too/client.ts';\n"],
  ['another carrier', 'transport/src/carriers/planted.ts', "import './planted-too/client.ts';\n"],
  ['npy: a package of ours', 'npy/src/planted/upwards.ts', "export type { Carrier } from '@bridge/transport';\n"],
  ['transport: a package of ours', 'transport/src/planted/aside.ts', "const npy = import('@bridge/npy');\n"],
  ['bridge: a package of ours', 'bridge/src/planted/fourth.ts', "import '../../../planted/src/target.ts';\n"],
  ['npy: a file outside of the package', 'npy/src/planted/out.ts', "import '../../../planted/src/target.ts';\n"],
  ['transport: a file outside of the package', 'transport/src/planted/out.ts', "import '../../test/planted.ts';\n"],
  [
    'bridge: a file outside of the package',
    'bridge/src/planted/out.ts',
    "import '../../../npy/src/planted/target.ts';\n",
  ],
  ['npy: a package that is not in its row', 'npy/src/planted/other.ts', "import Docker from 'dockerode';\n"],
  ['transport: a package that is not in its row', 'transport/src/planted/other.ts', "import 'ndarray';\n"],
  [
    'bridge: a package that is not in its row',
    'bridge/src/planted/other.ts',
    "import type { NdArray } from 'ndarray';\n",
  ],
  ['npy: Node.js', 'npy/src/planted/node.ts', "export { readFile } from 'node:fs/promises';\n"],
  ['transport: Node.js', 'transport/src/planted/node.ts', "type Socket = import('node:net').Socket;\n"],
  ['bridge: Node.js', 'bridge/src/planted/node.ts', "import fs = require('fs');\n"],
  ['bridge: dockerode outside of', 'bridge/src/planted/docker.ts', "import type Docker from 'dockerode';\n"],
  ['bridge: @opentelemetry/api outside of', 'bridge/src/planted/otel.ts', "await import('@opentelemetry/api');\n"],
  ...BARE.map((file, index) => {
    const text = `import '${'../'.repeat(file.split('/').length - 1) || './'}planted/on-${index % 2 ? 'node' : 'ndarray'}.ts';\n`;
    return [`npy: reached from ${file}`, `npy/src/${file}`, text] as const;
  }),
];

/** Files that the others import, and that break no rule themselves. */
const BYSTANDERS: readonly (readonly [file: string, text: string])[] = [
  ['npy/src/planted/hen.ts', "import { type Egg } from './egg.ts';\nexport interface Hen { egg: Egg }\n"],
  ['npy/src/planted-one/out.ts', "import '../planted-two/leaf.ts';\n"],
  ['npy/src/planted-one/leaf.ts', 'export {};\n'],
  ['npy/src/planted-two/out.ts', "import '../planted-one/leaf.ts';\n"],
  ['npy/src/planted-two/leaf.ts', 'export {};\n'],
  ['npy/src/planted/target.ts', 'export {};\n'],
  ['planted/src/target.ts', 'export {};\n'],
  ['transport/src/carriers/planted-too/client.ts', 'export {};\n'],
  ['transport/test/planted.ts', 'export {};\n'],
  ['npy/src/planted/on-ndarray.ts', "import './further.ts';\n"],
  ['npy/src/planted/further.ts', "import type { NdArray } from 'ndarray';\nexport type A = NdArray;\n"],
  ['npy/src/planted/on-node.ts', "import '../node/planted.ts';\n"],
  ['npy/src/node/planted.ts', "import 'node:fs';\n"],
];

let copy: string;

function check(): { lines: string[]; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['scripts/check-imports.mjs', copy], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { lines: `${stdout}${stderr}`.split('\n'), status };
}

function plant(file: string, text: string): void {
  const path = join(copy, 'packages', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: 'a' });
}

/** Copies the packages' sources, with links to the installed packages. The packages of this repository are those of the copy. */
beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), 'npbridge-imports-')));
  for (const name of NAMES) {
    const [from, to] = [join(ROOT, 'packages', name), join(copy, 'packages', name)];
    cpSync(join(from, 'src'), join(to, 'src'), { recursive: true });
    cpSync(join(from, 'package.json'), join(to, 'package.json'));
  }
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@bridge'), { recursive: true });
  mkdirSync(join(modules, '@opentelemetry'));
  for (const name of NAMES) symlinkSync(join(copy, 'packages', name), join(modules, '@bridge', name));
  const installed = { npy: ['ndarray', 'ndarray-ops'], bridge: ['dockerode', '@opentelemetry/api'] };
  for (const [name, others] of Object.entries(installed)) {
    for (const other of others) symlinkSync(join(ROOT, 'packages', name, 'node_modules', other), join(modules, other));
  }
});

afterAll(() => rmSync(copy, { recursive: true }));

test('the sources as they are break no rule', () => {
  const { lines, status } = check();
  expect(lines).toEqual([expect.stringMatching(/^imports: \d+ files, 0 problems$/), '']);
  expect(status).toBe(0);
});

test('every rule tells the fault of its kind', () => {
  for (const [file, text] of BYSTANDERS) plant(file, text);
  for (const [, file, text] of FAULTS) if (text !== '') plant(file, text);
  const { lines, status } = check();
  const untold = FAULTS.filter(
    ([rule, file]) => !lines.some((line) => line.startsWith(`packages/${file} → `) && line.includes(`: ${rule}`)),
  );
  expect(untold).toEqual([]);
  const untried = config.forbidden?.filter(({ name }) => !FAULTS.some(([rule]) => name?.startsWith(rule)));
  expect(untried).toEqual([]);
  const innocent = BYSTANDERS.filter(([file]) => lines.some((line) => line.startsWith(`packages/${file} → `)));
  expect(innocent).toEqual([]);
  expect(status).toBe(1);
});

test('a place of the table that has moved is told, and so are sources that are not there', () => {
  const moved = `packages/npy/src/${BARE[0]}`;
  rmSync(join(copy, moved));
  expect(check().lines).toContainEqual(expect.stringContaining(`${moved} does not exist`));
  for (const name of NAMES) {
    for (const entry of readdirSync(join(copy, 'packages', name, 'src'))) {
      rmSync(join(copy, 'packages', name, 'src', entry), { recursive: true });
    }
  }
  const { lines, status } = check();
  expect(lines).toContainEqual(expect.stringMatching(/^there is no source file/));
  expect(status).toBe(1);
});
