#!/usr/bin/env node
// The program npbridge.
import { complaint } from '../fronts/complaints.ts';
import { main } from './main.ts';
import { EXIT } from './subcommand.ts';

/** How long what is left of the wire may take once nobody waits for it any longer. */
const LINGER_MS = 1000;

let unwritten: NodeJS.ErrnoException | undefined;
const tell = (): void => {
  if (!unwritten || process.exitCode !== EXIT.done) return;
  console.error(`npbridge: standard output: ${complaint(unwritten)}`);
  process.exitCode = EXIT.failed;
};
// Somebody may stop reading what is written here; that ends nothing. What there is no room for is a failure.
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  unwritten ??= error;
  tell();
});
process.exitCode = await main(process.argv.slice(2));
tell();
// A message that the system could not take whole keeps the process, though it is let go: for ever where nobody reads it.
setTimeout(() => process.exit(), LINGER_MS).unref();
