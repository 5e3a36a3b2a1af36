// A worker thread that listens on a Unix socket which only its user and group may use.
import { parentPort, workerData } from 'node:worker_threads';
import { uintLength } from '@bridge/transport';
import { listenUnix } from '@bridge/transport/unix';

const dialect = { request: uintLength({ bytes: 4 }), reply: uintLength({ bytes: 4 }) };
const { address } = await listenUnix({ path: workerData }, { dialect, permissions: 0o640 }, async (request) => [
  request,
]);
parentPort?.postMessage(address);
