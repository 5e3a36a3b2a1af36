// node port-taker.mjs PORT MS: takes a port as soon as it is free, keeps it for a time, and answers nothing. It prints "waiting",
// "has it", and in the end the number of connections on which it received bytes.
import { createServer } from 'node:net';

const [port, ms] = process.argv.slice(2).map(Number);
let frames = 0;
const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => frames++);
});
server.on('error', () => setTimeout(take, 1));
server.on('listening', () => {
  console.log('has it');
  setTimeout(() => {
    console.log(frames);
    process.exit();
  }, ms);
});

function take() {
  server.listen({ host: '127.0.0.1', port });
}

console.log('waiting');
take();
