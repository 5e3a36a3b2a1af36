// What users' bundlers make of the entries of @bridge/npy that count their kilobytes: bundled, minified, gzipped, and held
// against a budget. Run after the packages are built.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const dist = new URL('../packages/npy/dist/', import.meta.url);

/** @type {readonly { readonly what: string, readonly program: string, readonly bytes: number }[]} */
const budgets = [
  { what: 'numbers: decode and encode', program: "export { decode, encode } from 'numeric.js'", bytes: 12_250 },
  {
    what: 'core, every dtype: decode, encode, readHeader',
    program: "export { decode, encode, readHeader } from 'core.js'",
    bytes: 22_950,
  },
  { what: 'core, everything', program: "export * from 'core.js'", bytes: 24_150 },
];

/** @param {string} program */
async function weigh(program) {
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
for (const { what, program, bytes } of budgets) {
  const weight = await weigh(program);
  if (weight > bytes) over += 1;
  console.log(`${what}: ${weight} bytes minified and gzipped, of at most ${bytes}`);
}
process.exitCode = over > 0 ? 1 : 0;
