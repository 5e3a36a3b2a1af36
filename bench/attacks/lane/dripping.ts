// A launched model answers one message by its lane at a byte a second. The figure is the time that another caller waits.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../packages/transport/test/support/free-port.ts';
import type { Attack, Tree } from '../attack.ts';

const MODEL = fileURLToPath(new URL('dripping.py', import.meta.url));
const PATIENCE_MS = 60_000;

async function secondsBehindADrip(tree: Tree): Promise<number> {
  const { launch } = await tree.load('@bridge/bridge/launch');
  const { array } = await tree.load('@bridge/npy');
  const folder = mkdtempSync(join(tmpdir(), 'npbridge-dripping-'));
  const flag = join(folder, 'flag');
  const port = await freePort();
  try {
    const launched = await launch({
      command: [process.env['BRIDGE_PYTHON'] ?? 'python3', MODEL, `${port}`, flag],
      port,
      graceMs: 0,
    });
    const model = launched.connect();
    const frame = array(new Uint8Array(100_000));
    void model.call(frame).catch(() => {});
    while (!existsSync(flag)) await new Promise((resolve) => setTimeout(resolve, 5));
    const start = performance.now();
    const secondsSince = (): number => (performance.now() - start) / 1000;
    // An error does not count as an answer, however soon it comes.
    const seconds = await launched
      .connect()
      .call(frame, { timeoutMs: PATIENCE_MS })
      .then(secondsSince, (error: unknown) => {
        console.error(`  ${error}`);
        return PATIENCE_MS / 1000;
      });
    await launched.stop();
    return seconds;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const laneDripping: readonly Attack[] = [
  {
    name: 'lane: a dripping reply of a byte a second in front of another caller',
    unit: `seconds until the caller is answered, ${PATIENCE_MS / 1000} at most`,
    bound: { atMost: 30 },
    run: secondsBehindADrip,
  },
];
