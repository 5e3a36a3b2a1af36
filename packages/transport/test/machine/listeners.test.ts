// `listenersIn` and `listenersOf` find the sockets that listen on a port, in sample tables and in the kernel's tables of this machine.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenersIn, listenersOf } from '../../src/machine/ports/listeners.ts';

/** Sample tables as Linux writes them on a little-endian machine. */
const TABLE = [
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  '   0: 0100007F:1770 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 8123456 1 0000 100 0 0 10 0',
  '   1: 0100007F:1770 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 8123457 1 0000 20 4 30 10 -1',
  '   2: 00000000:1771 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 99 1 0000 100 0 0 10 0',
  '   3: 020011AC:1770 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7 1 0000 100 0 0 10 0',
  '',
].join('\n');
const TABLE_6 = [
  '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  '   0: 00000000000000000000000000000000:1770 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0000 100 0 0 10 0',
  '   1: 00000000000000000000000001000000:1770 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1 0000 100 0 0 10 0',
  '   2: 0000000000000000FFFF00000100007F:1770 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13 1 0000 100 0 0 10 0',
  '   3: B80D0120000000000000000001000000:1770 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 14 1 0000 100 0 0 10 0',
].join('\n');

describe('in a table', () => {
  test('the sockets that listen on a port, with their addresses', () => {
    expect(listenersIn(TABLE, 6000)).toEqual([
      { on: 'loopback', address: '127.0.0.1', inode: '8123456' },
      { on: 'address', address: '172.17.0.2', inode: '7' },
    ]);
    expect(listenersIn(TABLE, 6001)).toEqual([{ on: 'any', address: '0.0.0.0', inode: '99' }]);
    expect(listenersIn(TABLE, 0xc350)).toEqual([]);
  });

  test('IPv6, and IPv4 mapped into IPv6', () => {
    expect(listenersIn(TABLE_6, 6000)).toEqual([
      { on: 'any', address: '::', inode: '11' },
      { on: 'loopback', address: '::1', inode: '12' },
      { on: 'loopback', address: '127.0.0.1', inode: '13' },
      { on: 'address', address: '2001:db8::1', inode: '14' },
    ]);
  });
});

describe.skipIf(process.platform !== 'linux')('on this machine', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['127.0.0.2', 'loopback'],
    ['0.0.0.0', 'any'],
  ])('%s', async (host, on) => {
    const server = createServer();
    onTestFinished(() => void server.close());
    await once(server.listen(0, host), 'listening');
    const { port } = server.address() as { port: number };
    expect(await listenersOf(port)).toMatchObject([{ on, address: host }]);
    expect(await listenersOf(port, process.pid)).toHaveLength(1);
    server.close();
    await once(server, 'close');
    expect(await listenersOf(port)).toEqual([]);
  });

  test('of a process that has ended', async () => {
    await expect(listenersOf(1, 4_194_305)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test.each([undefined, null, '6000', -1, 1.5, 65_536])('an invalid port: %j', async (port) => {
  const refused = { code: 'TRANSPORT_BAD_OPTION', fault: 'caller', detail: { option: 'port' } };
  await expect(listenersOf(port as never)).rejects.toMatchObject(refused);
  expect(() => listenersIn('', port as never)).toThrow(expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' }));
});
