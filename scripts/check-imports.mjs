// Holds the imports of every source file of the packages against .dependency-cruiser.mjs, which is the table in ARCHITECTURE.md.
// `node scripts/check-imports.mjs [FOLDER]`: another root than the clone's is for the test of this check.

import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cruise } from 'dependency-cruiser';
import config, { PACKAGES } from '../.dependency-cruiser.mjs';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
const folders = Object.keys(PACKAGES).map((name) => `packages/${name}/src`);
const { enhancedResolveOptions, ...options } = config.options ?? {};
const { output } = await cruise(
  folders,
  { ...options, baseDir: root, validate: true, ruleSet: { forbidden: config.forbidden ?? [] } },
  enhancedResolveOptions,
);
if (typeof output === 'string') throw new TypeError('dependency-cruiser answered with a text, and not with its result');

// A Set, because dependency-cruiser may report the same import twice.
const problems = new Set([
  ...output.summary.violations.map(
    ({ from, to, rule, cycle, via }) => `${from} → ${to}: ${rule.name}${trail(cycle ?? via)}`,
  ),
  ...missing(),
  ...unread(new Set(output.modules.map(({ source }) => source))),
]);
for (const problem of problems) console.error(problem);
console.log(`imports: ${sourceFiles().length} files, ${problems.size} problems`);
process.exitCode = problems.size > 0 ? 1 : 0;

/** @param {readonly { name: string }[] | undefined} steps */
function trail(steps) {
  return steps ? ` (by ${steps.map(({ name }) => name).join(' → ')})` : '';
}

function sourceFiles() {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`),
  );
}

/**
 * Returns the places that the table names and that do not exist. A rule about a file that was moved would never fail.
 * @returns {string[]}
 */
function missing() {
  return Object.entries(PACKAGES).flatMap(([name, { others, node, bare = [] }]) =>
    [...Object.values(others), ...node, ...bare]
      .map((place) => `packages/${name}/src/${place}`)
      .filter((place) => !existsSync(join(root, place)))
      .map((place) => `${place} does not exist: .dependency-cruiser.mjs has to name the place that it moved to`),
  );
}

/**
 * Returns the files that were not read. Without a suitable TypeScript, dependency-cruiser reads none, and reports success.
 * @param {ReadonlySet<string>} read
 * @returns {string[]}
 */
function unread(read) {
  const files = sourceFiles();
  if (files.length === 0) return [`there is no source file in ${folders.join(', ')}`];
  return files.filter((file) => !read.has(file)).map((file) => `${file} was not read`);
}
