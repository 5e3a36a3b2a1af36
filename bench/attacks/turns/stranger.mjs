// node stranger.mjs hold|wait PORT MANY: a program of another user, which binds the names by which turns at a port might be taken,
// or connects to them MANY times and sends nothing. It prints "there" when that is done.
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const [what = '', port = '', many = '0'] = process.argv.slice(2);
const listed = () =>
  readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(/ +/).slice(7, 8))
    .filter((name) => name.includes(`npbridge/tcp:loopback:${port}:`) || name.includes('/npbridge-turns-'));
const path = (/** @type {string} */ name) => (name.startsWith('@') ? `\0${name.slice(1)}` : name);

if (what === 'hold') {
  for (const slot of [0, 1]) {
    const name = `\0npbridge/tcp:loopback:${port}:${slot}`;
    await new Promise((resolve) => createServer().listen(name, () => resolve(undefined)));
  }
} else {
  // While a program has a turn, its name exists. A waiter connects again each time that the turn goes to another program.
  const open = new Set();
  const fill = () => {
    const names = listed();
    for (let i = 0; names.length > 0 && open.size < Number(many) && i < 500; i++) {
      const socket = connect(path(names[i % names.length] ?? ''));
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => open.delete(socket));
    }
  };
  setInterval(fill, 5);
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
console.log('there');
