// Bundles, minifies and gzips the entries of @bridge/npy that are made for web pages, as users would, and compares their sizes with
// budgets. The packages have to be built.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const dist = new URL('../packages/npy/dist/', import.meta.url);

/** @type {readonly { readonly name: string, readonly program: string, readonly bytes: number }[]} */
const budgets = [
  { name: 'numbers: decode and encode', program: "export { decode, encode } from 'numeric.js'", bytes: 12_250 },
  {
    name: 'core, every dtype: decode, encode, readHeader',
    program: "export { decode, encode, readHeader } from 'core.js'",
    bytes: 22_950,
  },
  { name: 'core, everything', program: "export * from 'core.js'", bytes: 24_500 },
];

/** @param {string} program */
async function bundledSize(program) {
  const bundle = await rolldown({
    input: 'program',
    platform: 'browser',
    plugins: [
      {
        name: 'program',
        resolveId: (id) =>
          id === 'program' ? id : id.endsWith('.js') && !id.startsWith('.') ? fileURLToPath(new URL(id, dist)) : null,
        load: (id) => (id === 'program' ? program : null),
      },
    ],
  });
  const { output } = await bundle.generate({ minify: true });
  await bundle.close();
  return gzipSync(output[0].code, { level: 9 }).length;
}

let over = 0;
for (const { name, program, bytes } of budgets) {
  const size = await bundledSize(program);
  if (size > bytes) over += 1;
  console.log(`${name}: ${size} bytes minified and gzipped, of at most ${bytes}`);
}
process.exitCode = over > 0 ? 1 : 0;
