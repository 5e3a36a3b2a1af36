// A process of its own that listens on a Unix socket until it is killed, which leaves the file behind. An argument cannot
// hold a NUL: an abstract name begins with an @.
import { connect, createServer } from 'node:net';

const [path = ''] = process.argv.slice(2);
let connections = 0;
const at = path.replace(/^@/, '\0');
createServer((socket) => {
  connections += 1;
  socket.on('error', () => {});
  // Connections are accepted in the order in which they were made: all before this process's own have been counted.
  socket.on('data', (bytes) => {
    if (String(bytes) === 'count') process.send?.(connections - 1);
  });
}).listen(at, () => process.send?.('listening'));
process.on('message', () => connect(at).write('count'));
