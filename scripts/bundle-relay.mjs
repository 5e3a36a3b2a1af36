// npbridge as the few files that deploy/Dockerfile copies: everything that it imports bundled, what is loaded on demand in
// files of its own, and the licences of all that is in them. Run after the packages are built.

import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'deploy', 'relay');
const program = join('dist', 'command');

rmSync(out, { recursive: true, force: true });
const bundle = await rolldown({
  input: join(root, 'packages/bridge', program, 'npbridge.js'),
  platform: 'node',
  // Optional, and of no use in there: a relay starts no containers and traces nothing.
  external: ['dockerode', '@opentelemetry/api'],
});
const { output } = await bundle.write({
  dir: join(out, program),
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();
const { name, version, type, license } = manifest(join(root, 'packages/bridge'));
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'package.json'), `${JSON.stringify({ name, version, type, license }, null, 2)}\n`);
const bundled = packagesOf(output.flatMap((each) => (each.type === 'chunk' ? each.moduleIds : [])));
writeFileSync(join(out, 'LICENSES.txt'), bundled.map(licenceOf).join(`\n${'-'.repeat(80)}\n\n`));
console.log(`${output.length} files in deploy/relay, of ${bundled.length} packages`);

/**
 * The folders of the packages that modules come from, each once, by their names.
 * @param {readonly string[]} modules
 */
function packagesOf(modules) {
  const folders = new Set();
  for (const module of modules) {
    // What the bundler adds of its own has no file.
    if (!existsSync(module)) continue;
    let folder = dirname(realpathSync(module));
    while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
    folders.add(folder);
  }
  return [...folders].sort((a, b) => manifest(a).name.localeCompare(manifest(b).name));
}

/** @param {string} folder */
function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/**
 * What has to go wherever the package goes.
 * @param {string} folder
 */
function licenceOf(folder) {
  const { name, version, license, licenses } = manifest(folder);
  const file = readdirSync(folder).find((each) => /^licen[cs]e(\.|$)/i.test(each));
  if (!file) throw new Error(`${name} has no licence text in ${folder}: see what it asks for before it is bundled`);
  const kind = license ?? licenses?.map((/** @type {{ type: string }} */ each) => each.type).join(' or ');
  return `${name} ${version} (${kind})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
