// `tsc -b`, with dist left as a fresh clone would have it: tsc removes nothing of a source that was moved, and writes nothing again
// that was removed. Arguments are tsc's, such as the folders of packages; without any, everything is built.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const ENDINGS = ['.js', '.js.map', '.d.ts', '.d.ts.map'];

/** @param {string} folder */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

for (const name of readdirSync(join(root, 'packages'))) {
  const [src, dist] = [join(root, 'packages', name, 'src'), join(root, 'packages', name, 'dist')];
  const stems = filesIn(src).map((file) => file.replace(src, dist).replace(/\.ts$/, ''));
  const wanted = new Set(stems.flatMap((stem) => ENDINGS.map((ending) => stem + ending)));
  const present = new Set(filesIn(dist));
  for (const file of present) if (!wanted.has(file)) rmSync(file);
  if (![...wanted].every((file) => present.has(file))) rmSync(join(root, '.build'), { recursive: true, force: true });
}
const { status } = spawnSync('tsc', ['-b', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
