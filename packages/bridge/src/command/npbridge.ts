#!/usr/bin/env node
// The program npbridge.
import { main } from './main.ts';

/** How long what is left of the wire may take once nobody waits for it any longer. */
const LINGER_MS = 1000;

// Somebody may stop reading what is written here; that ends nothing.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));
// A message that the system could not take whole keeps the process, though it is let go: for ever where nobody reads it.
setTimeout(() => process.exit(), LINGER_MS).unref();
