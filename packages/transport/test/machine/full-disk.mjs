// A process fills the small file system of its own that has its folder for turns, /dev/shm, and prints the outcome of taking turns.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { takeTurn } from '@bridge/transport/machine';

/**
 * @param {string} who
 * @param {Promise<import('@bridge/transport/machine').Turn>} taking
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
const waiting = takeTurn('first');
waiting.catch(() => {});
// The holder of the turn and the waiter have a socket each.
const sockets = () =>
  readdirSync(`/dev/shm/npbridge-turns-${process.getuid?.()}`).filter((entry) => entry.startsWith(`${process.pid}.`));
while (sockets().length < 2) await new Promise((resolve) => setImmediate(resolve));
const files = [];
try {
  for (;;) {
    writeFileSync(`/dev/shm/${files.length}`, 'x');
    files.push(`/dev/shm/${files.length}`);
  }
} catch {
  // The disk is full, as intended.
}
await say('another name', takeTurn('second'));
await say('one more who waits', takeTurn('first'));
await held.release();
await say('who waited', waiting);
for (const file of files) rmSync(file);
await say('with room again', takeTurn('first'));
