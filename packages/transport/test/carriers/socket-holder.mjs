// A process that listens on a Unix socket until it is killed, so that the socket file remains. An argument cannot contain a NUL, so
// an @ stands in front of an abstract name.
import { connect, createServer } from 'node:net';

const [path = ''] = process.argv.slice(2);
let connections = 0;
const at = path.replace(/^@/, '\0');
createServer((socket) => {
  connections += 1;
  socket.on('error', () => {});
  // The kernel hands over connections in the order in which they were made: all before the one that this process makes to itself
  // have been counted.
  socket.on('data', (bytes) => {
    if (String(bytes) === 'count') process.send?.(connections - 1);
  });
}).listen(at, () => process.send?.('listening'));
process.on('message', () => connect(at).write('count'));
