// Another user who wants what models write: connects to every Unix socket that /proc/net/unix has come to name since this program
// began, again and again. With "mute" it reads nothing of what it is connected to. Says when it looks, and on a line from stdin what
// it has read.
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
