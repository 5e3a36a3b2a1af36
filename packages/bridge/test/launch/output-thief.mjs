// A program that tries to read the output of another user's models: it connects to every Unix socket that has appeared in
// /proc/net/unix since it began. With "mute" it does not read from its connections. It prints "looking" when it begins and, after a
// line on stdin, everything that it has read.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const isMute = process.argv[2] === 'mute';
const names = () =>
  readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(/ +/).slice(7, 8));
const before = new Set(names());
const most = 2 ** 20;
let tries = 0;
let read = '';
const look = () => {
  for (const name of names()) {
    if (before.has(name) || name === '' || tries++ > 10_000) continue;
    const socket = connect(name.startsWith('@') ? `\0${name.slice(1)}` : name);
    socket.on('error', () => {});
    if (isMute) socket.pause();
    else
      socket.on('data', (chunk) => {
        if (read.length < most) read += chunk;
      });
  }
  setImmediate(look);
};
look();
console.log('looking');
process.stdin.once('data', () => {
  process.stdout.write(read, () => process.exit());
});
