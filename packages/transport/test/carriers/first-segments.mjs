// A worker thread with a server that answers each connection with the first segment that it received, and closes it.
import { createServer } from 'node:net';
import { parentPort } from 'node:worker_threads';

const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (segment) => socket.end(segment));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') parentPort?.postMessage(address.port);
});
