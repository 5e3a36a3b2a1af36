// A process of its own that listens on a Unix socket until it is killed, which leaves the file behind. An argument cannot
// hold a NUL: an abstract name begins with an @.
import { createServer } from 'node:net';

const [path = ''] = process.argv.slice(2);
let connections = 0;
createServer((socket) => {
  connections += 1;
  socket.on('error', () => {});
  socket.resume();
}).listen(path.replace(/^@/, '\0'), () => process.send?.('listening'));
process.on('message', () => setTimeout(() => process.send?.(connections), 20));
