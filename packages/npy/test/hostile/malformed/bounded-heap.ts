// A worker thread whose heap the test bounds: it decodes every malformed file and answers the number that were refused. V8 ends it if
// a file makes the reader take more memory.
import { parentPort } from 'node:worker_threads';
import { decode } from '../../../src/core.ts';
import { malformed } from './table.ts';

let refused = 0;
for (const { file } of malformed) {
  try {
    decode(file);
  } catch {
    refused++;
  }
}
parentPort?.postMessage(refused);
