// Checks comments, messages and pages against the rules of prose/rules.mjs: `npm run prose -- [--count] [FOLDER OR FILE …]`. Without
// a folder it reads all programs, tests and pages. `--count` prints one line for each folder.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ENDINGS, passagesOf } from './prose/passages.mjs';
import { faultsIn } from './prose/rules.mjs';

const root = join(import.meta.dirname, '..');
const PROGRAMS = [
  'packages/npy',
  'packages/transport',
  'packages/bridge',
  'scripts',
  'bench',
  'deploy',
  'examples/demo',
  'examples/model',
  'examples/programs',
];
/** The samples in prose.test.ts break the rules on purpose. */
const NOT_READ = new Set(['node_modules', 'dist', 'out', 'relay', '.git', '.cache', '.build', 'prose.test.ts']);

const words = process.argv.slice(2);
const counts = words.includes('--count');
const asked = words.filter((word) => word !== '--count').map((word) => resolve(word));
const files = (asked.length > 0 ? asked : [...PROGRAMS.map((each) => join(root, each)), ...pages()]).flatMap(filesIn);

/** @type {Map<string, number>} */
const byFolder = new Map();
let total = 0;
for (const file of new Set(files)) {
  const text = readFileSync(file, 'utf8');
  const path = relative(root, file);
  for (const { kind, from, text: passage } of passagesOf(file, text)) {
    for (const { at, rule, sentence } of faultsIn(passage, { isProse: kind !== 'string' })) {
      total += 1;
      byFolder.set(dirname(path), (byFolder.get(dirname(path)) ?? 0) + 1);
      if (!counts) console.error(`${path}:${text.slice(0, from + at).split('\n').length} ${rule}: ${sentence}`);
    }
  }
}
if (counts) for (const [folder, count] of [...byFolder].sort()) console.log(`${String(count).padStart(5)} ${folder}`);
console.log(`prose: ${new Set(files).size} files, ${total} problems`);
process.exitCode = total > 0 || files.length === 0 ? 1 : 0;

/** The pages at the root, and those of docs. */
function pages() {
  return [
    ...readdirSync(root).filter((name) => name.endsWith('.md')),
    'docs',
    '.dependency-cruiser.mjs',
    'vitest.config.ts',
  ].map((name) => join(root, name));
}

/** @param {string} path @returns {string[]} */
function filesIn(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile()) return ENDINGS.some((ending) => path.endsWith(ending)) ? [path] : [];
  if (!stat) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !NOT_READ.has(entry.name) && !entry.name.endsWith('.api.md'))
    .flatMap((entry) => filesIn(join(path, entry.name)));
}
