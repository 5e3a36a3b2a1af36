// Bundles npbridge into the few files that deploy/Dockerfile copies to deploy/relay: the program with everything that it imports,
// one file for each part that is loaded on demand, and the licences of all packages in them. The packages have to be built.

import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'deploy', 'relay');
const { name, version, type, license, bin } = manifest(join(root, 'packages/bridge'));
/** The program's place in the package and in the bundle, where it looks for package.json as well. */
const program = bin.npbridge;

rmSync(out, { recursive: true, force: true });
const bundle = await rolldown({
  input: join(root, 'packages/bridge', program),
  platform: 'node',
  // These packages are optional, and a relay needs neither: it starts no containers and traces nothing.
  external: ['dockerode', '@opentelemetry/api'],
});
const { output } = await bundle.write({
  dir: join(out, dirname(program)),
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'package.json'), `${JSON.stringify({ name, version, type, license }, null, 2)}\n`);
const bundled = packagesOf(output.flatMap((each) => (each.type === 'chunk' ? each.moduleIds : [])));
writeFileSync(join(out, 'LICENSES.txt'), bundled.map(licenceOf).join(`\n${'-'.repeat(80)}\n\n`));
console.log(`${output.length} files in deploy/relay, of ${bundled.length} packages`);

/**
 * Returns the folders of the packages that the modules belong to, sorted by name.
 * @param {readonly string[]} modules
 */
function packagesOf(modules) {
  const folders = new Set();
  for (const module of modules) {
    // Modules of the bundler itself have no file.
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
 * Returns the licence of a package, which has to be given to everybody who gets the package.
 * @param {string} folder
 */
function licenceOf(folder) {
  const { name, version, license, licenses } = manifest(folder);
  const file = readdirSync(folder).find((each) => /^licen[cs]e(\.|$)/i.test(each));
  if (!file) throw new Error(`${name} has no licence text in ${folder}, so that it cannot be bundled`);
  const kind = license ?? licenses?.map((/** @type {{ type: string }} */ each) => each.type).join(' or ');
  return `${name} ${version} (${kind})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
