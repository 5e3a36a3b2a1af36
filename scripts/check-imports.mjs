// Holds the imports of every source file against the table in ARCHITECTURE.md: who may import whom, where Node's own
// modules may appear, that nobody imports an index, and that no import runs in a circle.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * One rule a package: the packages of ours that it may import, the others that it may, and the folders and files where
 * `node:` may appear. `onlyIn` says in which file or folder a package may be imported, and `noPackages` lists files from which no
 * package at all may be reached.
 * @type {Record<string, { ours: string[], others: string[], onlyIn?: Record<string, string>, node: string[], noPackages?: string[] }>}
 */
const RULES = {
  npy: {
    ours: [],
    others: ['ndarray', 'ndarray-ops'],
    node: ['src/node/'],
    noPackages: ['src/core.ts', 'src/numeric.ts', 'src/views.ts', 'src/pickle/index.ts'],
  },
  transport: { ours: [], others: [], node: ['src/carriers/', 'src/socket/', 'src/turns/'] },
  bridge: {
    ours: ['@bridge/npy', '@bridge/transport'],
    others: ['@opentelemetry/api', 'dockerode'],
    onlyIn: { '@opentelemetry/api': 'src/otel.ts', dockerode: 'src/launch/docker/' },
    node: ['src/command/', 'src/lane/', 'src/launch/'],
  },
};

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

/** @type {string[]} */
const problems = [];
/** @type {Map<string, string[]>} each file's imports of files of its own package */
const graph = new Map();
/** @type {Map<string, string[]>} each file's imports of packages */
const packages = new Map();

for (const [name, rule] of Object.entries(RULES)) {
  const folder = join(root, 'packages', name);
  for (const source of readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!source.endsWith('.ts')) continue;
    const file = `src/${source}`;
    const path = join(folder, file);
    const imports = [...readFileSync(path, 'utf8').matchAll(IMPORT)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
    const own = imports.filter((i) => i.startsWith('.')).map((i) => join(dirname(path), i));
    graph.set(path, own);
    packages.set(
      path,
      imports.filter((i) => !i.startsWith('.')),
    );
    const where = relative(root, path);
    for (const target of own) {
      if (/(^|\/)index\.ts$/.test(target)) problems.push(`${where} imports an index: ${relative(root, target)}`);
      if (!target.startsWith(join(folder, 'src'))) problems.push(`${where} imports from outside of its package`);
      if (file.startsWith('src/carriers/') && target.startsWith(join(folder, 'src/carriers'))) {
        problems.push(`${where} imports another carrier`);
      }
    }
    for (const target of packages.get(path) ?? []) {
      const base = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : (target.split('/')[0] ?? '');
      if (target.startsWith('node:')) {
        if (!rule.node.some((edge) => file.startsWith(edge))) problems.push(`${where} imports ${target}: not an edge`);
      } else if (base.startsWith('@bridge/')) {
        if (!rule.ours.includes(base)) problems.push(`${where} imports ${target}: ${name} stands on none of it`);
      } else if (!rule.others.includes(base)) {
        problems.push(`${where} imports ${target}: not a dependency of ${name}`);
      } else if (!file.startsWith(rule.onlyIn?.[base] ?? '')) {
        problems.push(`${where} imports ${target}, which only ${rule.onlyIn?.[base]} may`);
      }
    }
  }
  for (const entry of rule.noPackages ?? []) {
    for (const path of reachable(join(folder, entry))) {
      for (const target of packages.get(path) ?? []) {
        problems.push(`${relative(root, path)} imports ${target}, and ${entry} stands on nothing`);
      }
    }
  }
}

/** @param {string} entry @param {Set<string>} [seen] */
function reachable(entry, seen = new Set()) {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const next of graph.get(entry) ?? []) reachable(next, seen);
  return seen;
}

/** @type {Set<string>} */
const done = new Set();
/** @param {string} file @param {string[]} trail */
function findCircles(file, trail) {
  const at = trail.indexOf(file);
  if (at >= 0) {
    problems.push(`a circle: ${[...trail.slice(at), file].map((f) => relative(root, f)).join(' -> ')}`);
    return;
  }
  if (done.has(file)) return;
  for (const next of graph.get(file) ?? []) findCircles(next, [...trail, file]);
  done.add(file);
}
for (const file of graph.keys()) findCircles(file, []);

for (const problem of problems) console.error(problem);
console.log(`imports: ${graph.size} files, ${problems.length} problems`);
process.exitCode = problems.length > 0 || graph.size === 0 ? 1 : 0;
