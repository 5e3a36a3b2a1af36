// node model.mjs PORT MARK: a model that answers each message of the dialect `seed` with the same message. It writes a mark every 2
// ms, so that there is always output to read.
import { createServer } from 'node:net';

const [port, mark] = process.argv.slice(2);
const PREFIX = 10;

createServer((socket) => {
  let held = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    if (held.length < PREFIX) return;
    const length = Number(held.subarray(0, PREFIX).toString());
    if (held.length === PREFIX + length) socket.write(held.subarray(PREFIX));
  });
}).listen({ host: '127.0.0.1', port: Number(port) });
setInterval(() => process.stdout.write(`${mark}\n`), 2);
