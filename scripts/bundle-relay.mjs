// npbridge as the few files that deploy/Dockerfile copies: everything that it imports bundled, what is loaded on demand in
// files of its own. Run after the packages are built.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
const { name, version, type, license } = JSON.parse(readFileSync(join(root, 'packages/bridge/package.json'), 'utf8'));
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'package.json'), `${JSON.stringify({ name, version, type, license }, null, 2)}\n`);
console.log(`${output.length} files in deploy/relay`);
