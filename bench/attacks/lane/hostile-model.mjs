// node hostile-model.mjs WAY: a launched model that attacks its host by files in its lane's folder, or by its frames on the lane.
// On its port it answers like the example model, without boxes.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

const [, , way = '', secret = ''] = process.argv;
const [, port = '', path = ''] = /^(\d+)(?:,lean)?:(.*)$/.exec(process.env.NPBRIDGE_LANE ?? '') ?? [];
const HELD_MS = 10_000;
const PART = 2 ** 20;

/** @param {string} kind @param {number} length @param {{ slot?: number, sequence?: number }} [more] */
function head(kind, length, { slot = 0, sequence = 1 } = {}) {
  const bytes = Buffer.alloc(16);
  bytes.write(kind);
  bytes[1] = slot;
  bytes.writeUInt32LE(sequence, 4);
  bytes.writeBigUInt64LE(BigInt(length), 8);
  return bytes;
}

/** Returns a header as np.save writes it. @param {string} rest */
function header(rest) {
  return Buffer.from(`${`\x93NUMPY\x01\x00v\x00{'descr': ${rest}`.padEnd(127)}\n`, 'latin1');
}

/** Makes a pipe that blocks a program which opens it for reading, for ten seconds. @param {string} name */
function pipe(name) {
  rmSync(name, { force: true });
  execFileSync('mkfifo', [name]);
  setTimeout(() => closeSync(openSync(name, constants.O_RDWR | constants.O_NONBLOCK)), HELD_MS);
}

/** @param {import('node:net').Socket} host @param {Buffer} first @param {Buffer} part @param {number} parts */
function pour(host, first, part, parts) {
  let left = parts;
  const more = (/** @type {unknown} */ error) => {
    if (!error && left-- > 0) host.write(part, more);
  };
  host.write(first, more);
}

/** @type {Record<string, () => void>} */
const notes = {
  'note-link': () => symlinkSync(secret, `${path}.declined`),
  'note-pipe': () => pipe(`${path}.declined`),
  'note-large': () => writeFileSync(`${path}.declined`, Buffer.alloc(200e6, 'x')),
};

/** @type {Record<string, (host: import('node:net').Socket, request: Buffer) => void>} */
const replies = {
  text: (host) => pour(host, head('X', 2 ** 50), Buffer.alloc(PART, 'x'), 600),
  // A whole reply of 2^20 bytes, with a frame for each byte.
  crumbs: (host) => {
    const reply = Buffer.concat([
      header(`'|u1', 'fortran_order': False, 'shape': (${2 ** 20 - 128},), }`),
      Buffer.alloc(2 ** 20 - 128),
    ]);
    const crumb = head('R', 1);
    const crumbs = Buffer.alloc(17 * reply.length);
    for (const [at, byte] of reply.entries()) {
      crumb.copy(crumbs, 17 * at);
      crumbs[17 * at + 16] = byte;
    }
    pour(host, crumbs, head('E', 0), 1);
  },
  'reply-pipe': (host, request) => {
    const slot = request[1] ?? 0;
    pipe(`${path}.reply-${slot}`);
    host.write(Buffer.concat([head('S', 300_000, { slot }), head('E', 0)]));
  },
};

notes[way]?.();
const reply = replies[way];
if (reply) {
  const lane = createServer((host) => {
    host.on('error', () => {});
    const hello = Buffer.from('{"lane":1,"pid":1,"python":"3.11.2"}');
    host.write(Buffer.concat([head('H', hello.length, { sequence: 0 }), hello]));
    host.once('data', (request) => reply(host, request));
  });
  lane.listen(path, listen);
} else listen();

function listen() {
  const answer = header("'<f4', 'fortran_order': False, 'shape': (0, 6), }");
  createServer((host) => {
    host.on('error', () => {});
    let came = Buffer.alloc(0);
    host.on('data', (chunk) => {
      came = Buffer.concat([came, chunk]);
      if (came.length >= 10 && came.length >= 10 + Number(came.toString('latin1', 0, 10))) host.end(answer);
    });
  }).listen({ host: '127.0.0.1', port: Number(port) });
}
