// node thief.mjs read|mute: connects to every Unix socket that /proc/net/unix has come to name since it began, as often as it is named, and
// reads what comes, or does not. Says "looking", and on a line from stdin all that it has read.
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
