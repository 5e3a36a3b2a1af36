// A process of its own that accepts connections and resets each one at once, reading nothing. It counts them, and tells
// its port first and the count when it is asked to end.
import { createServer } from 'node:net';

let accepted = 0;
const server = createServer((socket) => {
  accepted += 1;
  socket.on('error', () => {});
  socket.resetAndDestroy();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.(address.port);
});
process.on('message', () => {
  // What was accepted by the kernel is handed over before a later timer runs.
  setTimeout(() => {
    process.send?.(accepted);
    process.disconnect();
    server.close();
  }, 50);
});
