// Fetches a real photograph, which is not in this repository: the mandrill of the npm package baboon-image, 512 x 512 pixels.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PACKAGE = 'baboon-image@2.1.0';
const SHA256 = 'cf0518750d93453eb216d0f154d29cbf32018f0da2016bbed21c5c919e348801';

/** Resolves with the path of the photograph. It is fetched into the cache if it is missing. */
export async function photograph(): Promise<string> {
  const folder = fileURLToPath(new URL('../../../.cache/photograph/', import.meta.url));
  const path = `${folder}package/baboon.png`;
  if (!existsSync(path)) {
    await mkdir(folder, { recursive: true });
    await run('npm', ['pack', PACKAGE, '--pack-destination', folder], { cwd: folder });
    await run('tar', ['xzf', `${folder}baboon-image-2.1.0.tgz`, '-C', folder]);
  }
  const hash = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  if (hash !== SHA256) throw new Error(`${PACKAGE} is not the package that this test was written for: ${hash}`);
  return path;
}
