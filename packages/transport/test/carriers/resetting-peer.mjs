// A process that accepts connections and resets each one at once, without reading. It sends its port to its parent first, and the
// number of connections when it is asked to end.
import { connect, createServer } from 'node:net';

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
  // The kernel hands over connections in the order in which they were made: when the one that this process makes to itself is
  // reset, all have been counted.
  const address = server.address();
  if (address === null || typeof address !== 'object') return;
  const last = connect(address.port, '127.0.0.1').on('error', () => {});
  last.on('close', () => {
    process.send?.(accepted - 1);
    process.disconnect();
    server.close();
  });
});
