// Whether the relay of this container listens where its command line says, from the kernel's own tables. A connection would
// tell more, and cost: one that brings nothing ends the kind of model that is behind it.

import { readdirSync, readFileSync } from 'node:fs';

const LISTEN = '0A';
const ACCEPTS = '00010000';

/** @param {string} path */
function text(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Where npbridge relay was told to listen: by whichever process of this container it is. */
function from() {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const words = text(`/proc/${pid}/cmdline`).split('\0');
    const at = words.indexOf('--from');
    if (at > 0 && words.includes('relay')) return words[at + 1];
  }
  return undefined;
}

/** @param {string} address */
function listens(address) {
  if (address.startsWith('unix:')) {
    const path = address.replace(/^unix:(\/\/)?/, '');
    return text('/proc/net/unix')
      .split('\n')
      .some((line) => {
        const [, , , flags, , , , name] = line.trim().split(/ +/);
        return flags === ACCEPTS && name === path;
      });
  }
  const port = Number(new URL(address).port).toString(16).toUpperCase().padStart(4, '0');
  return `${text('/proc/net/tcp')}\n${text('/proc/net/tcp6')}`.split('\n').some((line) => {
    const [, local = '', , state] = line.trim().split(/ +/);
    return state === LISTEN && local.endsWith(`:${port}`);
  });
}

const address = from();
const healthy = address !== undefined && listens(address);
console.log(healthy ? `listens at ${address}` : `does not listen at ${address ?? 'any address: there is no relay'}`);
process.exitCode = healthy ? 0 : 1;
