// Faults of clients, intended or not. Each of them alone ends or blocks the example model's server.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

async function open(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  socket.on('error', () => {});
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}

/** Sends the pieces with a pause between them, and closes the connection. */
async function client(port: number, pieces: readonly (string | Uint8Array)[], leave: 'fin' | 'reset'): Promise<void> {
  const socket = await open(port);
  for (const piece of pieces) {
    socket.write(piece);
    await delay(2);
  }
  if (leave === 'reset') socket.resetAndDestroy();
  else socket.destroy();
}

const header = (length: number | string): string => String(length).padEnd(10);

/** The faults by name. Each resolves when it is done; `connect and stay silent` takes half a second. */
export const faults: Readonly<Record<string, (port: number) => Promise<unknown>>> = {
  'connect and close': (port) => client(port, [], 'fin'),
  'connect and reset': (port) => client(port, [], 'reset'),
  'connect and close in the backlog': (port) => Promise.all(Array.from({ length: 8 }, () => client(port, [], 'fin'))),
  'reset in the backlog': (port) => Promise.all(Array.from({ length: 8 }, () => client(port, [header(3)], 'reset'))),
  'connect and stay silent': async (port) => {
    const sockets = await Promise.all(Array.from({ length: 4 }, () => open(port)));
    setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, 500);
  },
  'a header in two segments': (port) => client(port, ['921 ', '      ', new Uint8Array(921)], 'fin'),
  'a header alone': (port) => client(port, [header(921728)], 'fin'),
  'the end in the middle of the body': (port) => client(port, [header(921728), new Uint8Array(5000)], 'fin'),
  'a reset in the middle of the body': (port) => client(port, [header(921728), new Uint8Array(5000)], 'reset'),
  'a reset behind the message': (port) => client(port, [header(5), 'hello'], 'reset'),
  'an end behind the message': (port) => client(port, [header(5), 'hello'], 'fin'),
  'two messages on one connection': (port) => client(port, [header(5), 'hello', header(5), 'hello'], 'fin'),
  'many at once': (port) => Promise.all(Array.from({ length: 12 }, () => client(port, [header(5), 'hello'], 'fin'))),
  'a trickle': (port) => client(port, [...header(20), ...'0123456789'], 'fin'),
  'more declared than sent': (port) => client(port, [header(100), 'hello'], 'fin'),
  'less declared than sent': (port) => client(port, [header(2), 'hello'], 'fin'),
  'a length of nothing': (port) => client(port, [header(0)], 'fin'),
  'a length padded with NUL': (port) => client(port, ['5'.padEnd(10, '\0'), 'hello'], 'fin'),
  'a negative length': (port) => client(port, [header(-1)], 'fin'),
  'eleven digits': (port) => client(port, ['10000000000', 'hello'], 'fin'),
  'an HTTP request': (port) => client(port, ['GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'], 'fin'),
  'what is not npy': (port) => client(port, [header(5), 'hello'], 'fin'),
};
