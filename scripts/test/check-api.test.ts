// The check of public names runs on a package of four entries: it reports changes of the API, and no other changes.
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const INDEX = `/** A sum. */
export declare function add(a: number, b: number): Sum;
interface Sum {
    readonly value: number;
}
export {};
`;

/** Makes a package whose entries have these declarations, and which has a dependency in @types. */
function unitWith(declarations: Readonly<Record<string, string>>): { folder: string; unit: string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'npbridge-api-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const unit = join(folder, 'packages', 'unit');
  mkdirSync(join(unit, 'dist'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules', '@types'), join(folder, 'node_modules', '@types'));
  writeFileSync(join(unit, 'tsconfig.json'), '{}');
  for (const [entry, text] of Object.entries(declarations)) writeFileSync(join(unit, 'dist', `${entry}.d.ts`), text);
  writeManifest(unit, Object.keys(declarations));
  return { folder, unit };
}

function writeManifest(unit: string, entries: readonly string[]): void {
  const exports = Object.fromEntries(entries.map((entry) => [`./${entry}`, { types: `./dist/${entry}.d.ts` }]));
  writeFileSync(
    join(unit, 'package.json'),
    JSON.stringify({ name: 'unit', version: '1.0.0', type: 'module', exports }),
  );
}

/** Runs the check on the package. */
function check(...words: string[]): { status: number | null; lines: string[] } {
  const args = [join(ROOT, 'scripts', 'check-api.mjs'), ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, lines: (stdout + stderr).split('\n') };
}

test('changes of names and types are told, and changes of comments are not', () => {
  const mode = "export type Mode =\n/** Slow. */\n'a'\n/** Fast. */\n| 'b';\n";
  const { folder, unit } = unitWith({ index: INDEX, inner: INDEX, mode, old: INDEX });
  expect(check('--update', folder)).toEqual({ status: 0, lines: ['API: 4 entries, 0 problems', ''] });
  const report = (entry: string): string => readFileSync(join(unit, 'etc', `${entry}.api.md`), 'utf8');
  const declarations =
    'export function add(a: number, b: number): Sum;\n\ninterface Sum {\n    readonly value: number;\n}\n```\n';
  expect(report('index')).toContain(`\`\`\`ts\n${declarations}`);
  expect(report('mode')).toContain("\nexport type Mode =\n'a'\n| 'b';\n");

  writeFileSync(join(unit, 'dist', 'index.d.ts'), INDEX.replace('b: number', 'b: bigint'));
  writeFileSync(join(unit, 'dist', 'inner.d.ts'), INDEX.replace('value: number', 'value: bigint'));
  writeFileSync(join(unit, 'dist', 'mode.d.ts'), mode.replace('Slow.', 'Slow, and sure.'));
  writeFileSync(join(unit, 'dist', 'new.d.ts'), INDEX);
  writeManifest(unit, ['index', 'inner', 'mode', 'new']);
  const { status, lines } = check(folder);
  expect(status).toBe(1);
  expect(lines.filter((line) => /^packages|^API/.test(line)).sort()).toEqual([
    'API: 4 entries, 4 problems',
    ...['index', 'inner', 'new'].map(
      (entry) =>
        `packages/unit/etc/${entry}.api.md differs from what the entry exports: run npm run api, and commit the changed file`,
    ),
    'packages/unit/etc/old.api.md belongs to no entry: run npm run api, which removes it',
  ]);

  expect(check('--update', folder).status).toBe(0);
  expect(readdirSync(join(unit, 'etc')).sort()).toEqual(
    ['index', 'inner', 'mode', 'new'].map((entry) => `${entry}.api.md`),
  );
});

test('an entry that is not built', () => {
  const { folder, unit } = unitWith({ index: INDEX });
  rmSync(join(unit, 'dist', 'index.d.ts'));
  expect(check('--update', folder).status).toBe(1);
});
