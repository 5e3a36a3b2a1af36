// A worker thread with callers that attack a listener in one way, and connect again at once when their connection is closed. A
// request is ten digits and a message.
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { workerData } from 'node:worker_threads';

/** The names of the ways to attack, which `WAYS` implements. */
export type Misconduct = 'drip' | 'silent' | 'half' | 'idle' | 'drip behind a reply' | 'halves of many sizes' | 'pour';

export interface Hostile {
  readonly where: NetConnectOpts;
  readonly conducts: readonly Misconduct[];
  readonly count: number;
  /** The size of half a message. */
  readonly halfBytes: number;
}

/** Each caller is a little faster than a listener's default `stallBytes` and `stallMs` require: 31 KB/s for 256 callers. */
const DRIP_BYTES = 121;
const DRIP_MS = 1000;
const AGAIN_MS = 1;
/** The callers send as fast as they can, which is faster than a listener reads. */
const POURED_BYTES = 400_000;
const POUR_MS = 10;
const OPENED_AT_ONCE = 32;

const { where, conducts, count, halfBytes } = workerData as Hostile;
const request = (bytes: number): Buffer => Buffer.concat([Buffer.from(String(bytes).padEnd(10)), Buffer.alloc(bytes)]);

function drip(socket: Socket): void {
  socket.write(Buffer.alloc(DRIP_BYTES));
  const timer = setInterval(() => socket.write(Buffer.alloc(DRIP_BYTES)), DRIP_MS);
  socket.on('close', () => clearInterval(timer));
}

function half(socket: Socket, bytes: number): void {
  socket.write(Buffer.concat([Buffer.from(String(bytes + 1_000_000).padEnd(10)), Buffer.alloc(bytes)]));
  drip(socket);
}

const WAYS: Readonly<Record<Misconduct, (socket: Socket, number: number) => void>> = {
  drip: (socket) => {
    socket.write('1000000   ');
    drip(socket);
  },
  silent: () => {},
  half: (socket) => half(socket, halfBytes),
  idle: (socket) => void socket.write(request(4)),
  'drip behind a reply': (socket) => {
    socket.write(Buffer.concat([request(4), Buffer.from('1000000   ')]));
    drip(socket);
  },
  pour: (socket) => {
    socket.write('999999999 ');
    const piece = Buffer.alloc(POURED_BYTES);
    const timer = setInterval(() => {
      if (!socket.writableNeedDrain) socket.write(piece);
    }, POUR_MS);
    socket.on('close', () => clearInterval(timer));
  },
  'halves of many sizes': (socket, number) => half(socket, 10_000 * 2 ** (number % 12)),
};

function come(number: number): void {
  const socket = connect(where);
  socket.on('error', () => {});
  socket.on('connect', () => WAYS[conducts[number % conducts.length] as Misconduct](socket, number));
  socket.resume();
  socket.on('close', () => setTimeout(() => come(number), AGAIN_MS));
}

for (let number = 0; number < count; number++) setTimeout(() => come(number), Math.floor(number / OPENED_AT_ONCE) * 10);
