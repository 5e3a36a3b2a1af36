#!/usr/bin/env node
// The program npbridge.
import { main } from './main.ts';

// Somebody may stop reading what is written here; that ends nothing.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));
