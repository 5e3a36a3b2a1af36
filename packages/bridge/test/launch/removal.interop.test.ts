// Removes folders that a real Python program has filled: trees that are deeper than the longest path, with links out of them.
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { removeFolder } from '../../src/launch/leftovers/removal.ts';
import { pythons } from '../pythons.ts';

const python = pythons[0]?.[1] ?? '';

let around: string;
let outside: string;
beforeEach(() => {
  around = mkdtempSync(join(tmpdir(), 'removal-'));
  outside = join(around, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'kept'), '');
});
afterEach(() => {
  // Node's own functions cannot remove a path of a hundred thousand characters.
  execFileSync('rm', ['-rf', around]);
});

/** Makes nested folders, each with a file and with a link to a folder that must not change. */
const DEEP = `
import os, sys
os.makedirs(sys.argv[1])
os.chdir(sys.argv[1])
for level in range(int(sys.argv[2])):
    name = 'd' * int(sys.argv[4])
    os.mkdir(name)
    open('file', 'w').close()
    os.symlink(sys.argv[3], 'link')
    os.chdir(name)
`;
function makeDeep(folder: string, levels: number, characters: number): void {
  execFileSync(python, ['-c', DEEP, folder, `${levels}`, outside, `${characters}`]);
}

test.skipIf(python === '').each([
  [1, 1],
  [31, 200],
  [32, 200],
  [33, 200],
  [65, 200],
  [2000, 200],
])(
  'a tree of %i levels, each a name of %i characters, is removed, and what its links lead to is not',
  async (levels, characters) => {
    const folder = join(around, 'deep');
    makeDeep(folder, levels, characters);
    expect(await removeFolder(folder)).toBeUndefined();
    expect(readdirSync(around)).toEqual(['outside']);
    expect(readdirSync(outside)).toEqual(['kept']);
  },
);

test.skipIf(python === '')('several such trees side by side, and wide ones', async () => {
  const folder = join(around, 'wide');
  for (let i = 0; i < 20; i++) makeDeep(join(folder, `${i}`), 70, 20);
  for (let i = 0; i < 1000; i++) writeFileSync(join(folder, `file-${i}`), '');
  expect(await removeFolder(folder)).toBeUndefined();
  expect(readdirSync(around)).toEqual(['outside']);
});

describe.skipIf(process.getuid?.() !== 0 || python === '')('who may not do everything', () => {
  test("is told what is another's, however deep it lies, and all else is removed", () => {
    const folder = join(around, 'mixed');
    makeDeep(folder, 40, 5);
    const theirs = join(folder, ...Array.from({ length: 40 }, () => 'ddddd'), 'theirs');
    mkdirSync(theirs);
    writeFileSync(join(theirs, 'file'), '');
    chownSync(theirs, 65_534, 65_534);
    const removal = fileURLToPath(new URL('../../src/launch/leftovers/removal.ts', import.meta.url));
    const script = `import { removeFolder } from ${JSON.stringify(removal)};
      console.log(JSON.stringify(await removeFolder(${JSON.stringify(folder)})));`;
    // Root gives up its rights here, so it may change only files that it owns.
    const asOwner = ['--bounding-set', '-all', '--inh-caps', '-all'];
    const told = JSON.parse(
      execFileSync('setpriv', [...asOwner, process.execPath, '-e', script], { encoding: 'utf8' }),
    );
    expect(told).toMatch(/^\S+\/theirs\/file: EACCES$/);
    expect(existsSync(join(folder, 'file'))).toBe(false);
    expect(existsSync(join(outside, 'kept'))).toBe(true);
  });
});

test('a link in its place is removed, and a folder that is not there is no problem', async () => {
  const folder = join(around, 'gone');
  execFileSync('ln', ['-s', outside, folder]);
  expect(await removeFolder(folder)).toBeUndefined();
  expect(await removeFolder(folder)).toBeUndefined();
  expect(existsSync(join(outside, 'kept'))).toBe(true);
  rmSync(outside, { recursive: true });
});
