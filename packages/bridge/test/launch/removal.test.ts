// Removes folders in the states in which a model may leave them: all of the folder is gone afterwards, and nothing else.
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { removeFolder } from '../../src/launch/leftovers/removal.ts';
import { roundsDuring } from '../lane/hostile-model.ts';
import { asOther, isRoot, outputOf } from './other-user.ts';

test.skipIf(process.platform !== 'linux')(
  'a folder with 20 000 files of names that no terminal should see: nothing else stands still',
  async () => {
    const path = temporaryFolder();
    for (let i = 0; i < 20_000; i++) writeFileSync(join(path, `\x1b[2J\n${i}\r`), '');
    let problem: string | undefined;
    expect(await roundsDuring(async () => (problem = await removeFolder(path)))).toBeGreaterThan(100);
    expect(problem).toBeUndefined();
    expect(existsSync(path)).toBe(false);
  },
);

test.skipIf(!isRoot)(
  'folders that their owner may not enter or write to are removed by their owner, however deep they lie',
  async () => {
    const removal = fileURLToPath(new URL('../../src/launch/leftovers/removal.ts', import.meta.url));
    const program = `
    import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
    import { removeFolder } from ${JSON.stringify(removal)};
    const said = [];
    for (const mode of [0o000, 0o100, 0o400, 0o500])
      for (const depth of [2, 40]) {
        const paths = [mkdtempSync('/tmp/npbridge-removal-')];
        for (let i = 0; i < depth; i++) paths.push(paths[i] + '/in');
        mkdirSync(paths[depth], { recursive: true });
        writeFileSync(paths[depth] + '/file', 'x');
        for (const path of paths.toReversed()) chmodSync(path, mode);
        said.push(await removeFolder(paths[0]) ?? !existsSync(paths[0]));
      }
    console.log(JSON.stringify(said));`;
    const args = ['--conditions=@bridge/source', '--input-type=module', '--eval', program];
    expect(JSON.parse(await outputOf(asOther([process.execPath, ...args])))).toEqual(
      Array.from({ length: 8 }, () => true),
    );
  },
);

test.skipIf(!isRoot)("another user's folder keeps its permissions, and is named in the error", async () => {
  const path = temporaryFolder();
  mkdirSync(join(path, 'in'));
  writeFileSync(join(path, 'in', 'file'), 'x');
  chmodSync(path, 0o755);
  const removal = fileURLToPath(new URL('../../src/launch/leftovers/removal.ts', import.meta.url));
  const program = `
    import { removeFolder } from ${JSON.stringify(removal)};
    console.log(await removeFolder(${JSON.stringify(path)}));`;
  const args = ['--conditions=@bridge/source', '--input-type=module', '--eval', program];
  expect(await outputOf(asOther([process.execPath, ...args]))).toMatch(/: EACCES\n$/);
  expect(readdirSync(path)).toEqual(['in']);
});
