// The command behind every npm script: `node scripts/run.mjs TASK [--system] [arguments of the task]`. Each task does its own set-up
// first, so a fresh clone needs only Node and npm. This file and set-up are JavaScript without dependencies, because they run before
// any are installed.

import { note, SetupError } from './setup/steps.mjs';
import { api, build, bundle, check, prose } from './tasks/checks.mjs';
import { demo } from './tasks/demo.mjs';
import { attacks, bench, faults, fuzz, hostile } from './tasks/programs.mjs';
import { setup, test } from './tasks/test.mjs';

/** @type {Record<string, (args: string[]) => Promise<number>>} each resolves to the exit code */
const tasks = { demo, test, bench, attacks, faults, fuzz, hostile, check, api, prose, build, bundle, setup };

const [name = '', ...rest] = process.argv.slice(2);
const args = rest.filter((arg) => arg !== '--system');
if (args.length < rest.length) process.env.BRIDGE_SYSTEM = '1';
// The PATH of a root shell that `su` started lacks sbin, where dockerd, ip and chroot are.
process.env.PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;

for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])) {
  process.on(signal, () => {
    // A program in the foreground gets the signal from setup/child.mjs, and the task ends with it. Without one this is set-up, and the
    // handlers of `exit` end the processes that it started.
    if (process.listenerCount(signal) === 1) process.exit(code);
  });
}

const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
if (task) {
  try {
    process.exitCode = await task(args);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    note(error.message);
    process.exitCode = 1;
  }
} else {
  note(`usage: npm run ${Object.keys(tasks).join(' | ')} [-- --system] [-- arguments]`);
  process.exitCode = 1;
}
