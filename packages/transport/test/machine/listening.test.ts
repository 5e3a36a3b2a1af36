// The kernel's answer whether a port listens, compared with ports that are really opened and closed.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { isLoopback, listening } from '../../src/machine/ports/listening.ts';

describe.skipIf(process.platform !== 'linux')('listening', () => {
  test.each(['127.0.0.1', '127.0.0.2', '0.0.0.0'])('a server on %s', async (host) => {
    const server = createServer();
    await once(server.listen(0, host), 'listening');
    const { port } = server.address() as { port: number };
    let connections = 0;
    server.on('connection', () => connections++);
    expect(await listening({ host: '127.0.0.1', port })).toBe(true);
    expect(await listening({ host: 'localhost', port })).toBe(true);
    server.close();
    await once(server, 'close');
    expect(await listening({ host: '127.0.0.1', port })).toBe(false);
    expect(connections).toBe(0);
  });

  test('IPv6 loopback', async (context) => {
    const server = createServer();
    const [outcome] = await Promise.race([
      once(server.listen(0, '::1'), 'listening').then(() => ['listening']),
      once(server, 'error'),
    ]);
    if (outcome !== 'listening') return context.skip('this machine has no IPv6');
    const { port } = server.address() as { port: number };
    expect(await listening({ host: '::1', port })).toBe(true);
    server.close();
  });

  test.each([undefined, null, 5, {}, { host: 'localhost' }, { host: 5, port: 5 }, { host: 'localhost', port: -1 }])(
    'an invalid address: %j',
    async (address) => {
      await expect(listening(address as never)).rejects.toMatchObject({
        code: 'TRANSPORT_BAD_ADDRESS',
        fault: 'caller',
      });
    },
  );

  test('another machine: undefined, since its kernel cannot be asked', async () => {
    expect(await listening({ host: '192.0.2.1', port: 6000 })).toBeUndefined();
    expect(await listening({ host: 'no-such-host.invalid', port: 6000 })).toBeUndefined();
  });
});

test.each([
  ['localhost', true],
  ['LOCALHOST', true],
  ['127.0.0.1', true],
  ['127.255.0.9', true],
  ['127.1', true],
  ['0x7f.0.0.1', true],
  ['2130706433', true],
  ['0177.0.0.1', true],
  ['0.0.0.0', true],
  ['::1', true],
  ['::', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['128.0.0.1', false],
  ['10.0.0.1', false],
  ['10.1', false],
  ['::2', false],
  ['::ffff:10.0.0.1', false],
  ['face', false],
  ['127.0.0.1.example', false],
  ['', false],
])('%s is loopback: %s', (host, is) => {
  expect(isLoopback(host)).toBe(is);
});
