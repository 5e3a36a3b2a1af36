#!/usr/bin/env node
// The program npbridge: runs its command line, and checks that all of its output is written.
import { failureText } from '../fronts/default-on-error.ts';
import { main } from './main.ts';
import { EXIT } from './subcommand.ts';

/** The longest time that messages without a caller may keep the process alive when the command is done. */
const LINGER_MS = 1000;

let unwritten: NodeJS.ErrnoException | undefined;
const tell = (): void => {
  if (!unwritten || process.exitCode !== EXIT.done) return;
  console.error(`npbridge: standard output: ${failureText(unwritten)}`);
  process.exitCode = EXIT.failed;
};
// The reader of the output may close it, which is not a failure. A full disk is one.
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  unwritten ??= error;
  tell();
});
process.exitCode = await main(process.argv.slice(2));
tell();
// A message that its peer does not read keeps the process alive, even with its socket unref'd, until the system has taken all of it.
setTimeout(() => process.exit(), LINGER_MS).unref();
