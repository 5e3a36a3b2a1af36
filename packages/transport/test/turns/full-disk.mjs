// A process whose folder for turns is on a small disk of its own, /dev/shm, which it fills: says what becomes of turns.
import { rmSync, writeFileSync } from 'node:fs';
import { takeTurn } from '@bridge/transport/turns';

/**
 * @param {string} who
 * @param {Promise<import('@bridge/transport/turns').Turn>} taking
 */
async function say(who, taking) {
  try {
    await (await taking).release();
    console.log(`${who}: taken`);
  } catch (error) {
    const { code, cause } = /** @type {import('@bridge/transport').TransportError} */ (error);
    console.log(`${who}: ${code} ${/** @type {NodeJS.ErrnoException} */ (cause).code}`);
  }
}

const held = await takeTurn('first');
let waits = false;
const waiting = takeTurn('first', { onHolder: () => (waits = true) });
waiting.catch(() => {});
while (!waits) await new Promise((resolve) => setTimeout(resolve, 10));
await new Promise((resolve) => setTimeout(resolve, 100));
const files = [];
try {
  for (;;) {
    writeFileSync(`/dev/shm/${files.length}`, 'x');
    files.push(`/dev/shm/${files.length}`);
  }
} catch {
  // Full, as was meant.
}
await say('another name', takeTurn('second'));
await say('one more who waits', takeTurn('first'));
await held.release();
await say('who waited', waiting);
for (const file of files) rmSync(file);
await say('with room again', takeTurn('first'));
