// The kernel's tables tell why a program cannot listen on a port. The tests parse sample tables, and the real ones after sockets
// have used a port.
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { portUse, portUseIn, useText } from '../../src/carriers/tcp/port-use.ts';
import { listenTcp } from '../../src/carriers/tcp/tcp.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { everything, rawClient, rawServer } from '../support/raw-peer.ts';

const line = (state: string, timer: string): string =>
  `   0: 0100007F:1770 0100007F:C350 ${state} 00000000:00000000 ${timer} 00000000     0        0 0 3 0`;
const TIME_WAIT = line('06', '03:00000EA4');

test('a port that only a TIME_WAIT holds is not listened on by another program, and is free at a time that is told', () => {
  const use = portUseIn(
    ['  sl  local_address rem_address   st', TIME_WAIT, line('06', '03:00000064')].join('\n'),
    6000,
  );
  expect(use).toEqual({ use: 'time-wait', sockets: 2, freeInMs: 37_480 });
  expect(use && useText(use)).toBe(
    'no program listens there, but the system keeps 2 closed connections of this port (TIME_WAIT) for another 38 s',
  );
});

test('a program that listens is told before its connections', () => {
  expect(portUseIn([TIME_WAIT, line('0A', '00:00000000')].join('\n'), 6000)).toMatchObject({ use: 'listening' });
  expect(portUseIn([TIME_WAIT, line('01', '00:00000000')].join('\n'), 6000)).toMatchObject({ use: 'connections' });
  expect(portUseIn(TIME_WAIT, 6001)).toBeUndefined();
});

describe.skipIf(process.platform !== 'linux')('a real TIME_WAIT', () => {
  const dialect = { request: uintLength({ bytes: 4 }), reply: uintLength({ bytes: 4 }) };
  const listen = (port: number): ReturnType<typeof listenTcp> =>
    listenTcp({ host: '127.0.0.1', port }, { dialect }, async (request) => [request]);
  const inTimeWait = (port: number): Promise<void> =>
    expect.poll(async () => (await portUse(port))?.use).toBe('time-wait');

  test('of our own listener, which closes first, does not keep the next one from its port', async () => {
    const first = await listen(0);
    const port = Number(new URL(first.address).port);
    const socket = await rawClient(first.address);
    socket.write(Uint8Array.of(0, 0, 0, 1, 7));
    await everything(socket);
    socket.end();
    await first.close();
    await inTimeWait(port);
    const second = await listen(port);
    onTestFinished(() => second.close());
    const again = await rawClient(second.address);
    again.write(Uint8Array.of(0, 0, 0, 1, 8));
    expect(await everything(again)).toEqual(Buffer.of(0, 0, 0, 1, 8));
  });

  test('of a socket without SO_REUSEADDR keeps the port, and the error says so, and for how long', async () => {
    // The port of an outgoing connection is chosen by the system, and nobody can listen on it until its TIME_WAIT is over.
    const server = await rawServer((socket) => void socket.on('end', () => socket.end()));
    const socket = connect(server.address);
    await once(socket, 'connect');
    const port = socket.localPort ?? 0;
    socket.resume().end();
    await once(socket, 'close');
    await inTimeWait(port);
    await expect(listen(port)).rejects.toMatchObject({
      code: 'TRANSPORT_ADDRESS',
      message: expect.stringMatching(
        /^cannot listen at tcp:\/\/127\.0\.0\.1:\d+: no program listens there, but the system keeps one closed connection of this port \(TIME_WAIT\) for another \d+ s$/,
      ),
      detail: { use: 'time-wait', sockets: 1, freeInMs: expect.any(Number) },
    });
  });
});
