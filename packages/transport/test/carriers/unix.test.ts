// The carrier for Unix sockets keeps the carrier's contract, with socket files and with abstract names. Its own tests follow:
// socket files that were left behind or belong to another program, permissions, and connections that cannot be reset.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { listenUnix, type SocketDialect, type UnixListenOptions, unix } from '../../src/carriers/unix/unix.ts';
import type { Handler, Listener } from '../../src/exchange/carrier.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { untilClose } from '../../src/framing/until-close.ts';
import { answeringContract } from '../answering-contract.ts';
import { carrierContract } from '../carrier-contract.ts';
import { everything, rawClient } from '../support/raw-peer.ts';

const linux = process.platform === 'linux';
const dialect: SocketDialect = { request: uintLength({ bytes: 4 }), reply: uintLength({ bytes: 4 }) };
const echo: Handler = async (request) => [request];

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'npbridge-unix-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const freshFile = (): string => join(folder, `${count++}.sock`);
const freshName = (): string => `npbridge-test-${process.pid}-${count++}`;

function contract(name: string, path: () => string, spoken: SocketDialect, oneMessage = true): void {
  carrierContract(name, {
    async listen(handler, onError = () => {}) {
      const address = { path: path() };
      const listener = await listenUnix(address, { dialect: spoken, onError, oneMessage }, handler);
      return { listener, carrier: unix(address, { dialect: spoken }) };
    },
    // If the end of the stream ends a reply, a peer that closes without a reply looks like one that sends an empty reply.
    emptyMessages: !spoken.reply.endsStream,
  });
}
contract('unix, a file', freshFile, dialect);
contract('unix, a file, resetting', freshFile, { ...dialect, close: 'reset' });
contract('unix, a file, kept', freshFile, { ...dialect, connection: 'persistent' }, false);
contract('unix, a file, to the end of the stream', freshFile, { request: untilClose(), reply: untilClose() });
if (linux) contract('unix, an abstract name', () => `@${freshName()}`, dialect);

answeringContract('unix', {
  async listen(handler, limits, onError) {
    const address = { path: freshFile() };
    return {
      listener: await listenUnix(address, { dialect, limits, onError }, handler),
      carrier: unix(address, { dialect }),
    };
  },
});

async function unixListener(path: string, options: Partial<UnixListenOptions> = {}): Promise<Listener> {
  const listener = await listenUnix({ path }, { dialect, ...options }, echo);
  onTestFinished(() => listener.close());
  return listener;
}

async function expectServed(path: string): Promise<void> {
  await using carrier = unix({ path }, { dialect });
  expect(await carrier.exchange([Uint8Array.of(4, 2)])).toEqual(Uint8Array.of(4, 2));
}

/** Starts another process that listens at `path`. */
async function holder(path: string): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('./socket-holder.mjs', import.meta.url)), [path]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  const over = once(child, 'exit');
  child.kill('SIGKILL');
  await over;
}

describe('addresses', () => {
  test('a listener says its own as a URL, with odd characters written out', async () => {
    const path = join(folder, 'a b%#?.sock');
    const { address } = await unixListener(path);
    expect(address).toMatch(/^unix:\/\/\/.*\/a%20b%25%23%3F\.sock$/);
    expect(fileURLToPath(address.replace('unix:', 'file:'))).toBe(path);
    await expectServed(path);
  });

  test('a relative path is a path, and the errors say it in full', async () => {
    const path = freshFile();
    const { address } = await unixListener(relative(process.cwd(), path));
    expect(address).toBe(`unix://${path}`);
    await expectServed(path);
  });

  test.skipIf(!linux)('an abstract name is the same with NUL and with @, and is no file', async () => {
    const name = freshName();
    const { address } = await unixListener(`@${name}`);
    expect(address).toBe(`unix:@${name}`);
    expect(existsSync(`@${name}`)).toBe(false);
    await expectServed(`\0${name}`);
    await expectServed(`@${name}`);
  });

  test.each([
    undefined,
    null,
    'text',
    {},
    { path: '' },
    { path: 5 },
    { path: '@' },
    { path: '\0' },
    { path: '/a\0b' },
    { path: '@\ud800' },
  ])('an invalid address is refused: %j', async (address) => {
    const refused = expect.objectContaining({
      name: 'TransportError',
      code: 'TRANSPORT_BAD_ADDRESS',
      fault: 'caller',
    });
    expect(() => unix(address as never, { dialect })).toThrow(refused);
    await expect(listenUnix(address as never, { dialect }, echo)).rejects.toEqual(refused);
  });

  test('one too long is refused, and not cut: the longest is served', async () => {
    const longest = (linux ? 107 : 103) - folder.length - 1;
    expect(() => unix({ path: join(folder, 'x'.repeat(longest + 1)) }, { dialect })).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BAD_ADDRESS' }),
    );
    const path = join(folder, 'x'.repeat(longest));
    await unixListener(path);
    await expectServed(path);
  });

  test('nothing listens: no file, no folder, a file that is not a socket, a file left behind', async () => {
    const left = freshFile();
    await killed(await holder(left));
    expect(existsSync(left)).toBe(true);
    const plain = freshFile();
    writeFileSync(plain, 'text');
    for (const path of [freshFile(), join(folder, 'none', 'x.sock'), plain, left]) {
      await using carrier = unix({ path }, { dialect });
      await expect(carrier.exchange([Uint8Array.of(1)])).rejects.toMatchObject({
        code: 'TRANSPORT_REFUSED',
        detail: { address: `unix://${path}` },
      });
    }
  });
});

describe('the file', () => {
  test('is gone once its listener is closed, and can be had again', async () => {
    const path = freshFile();
    for (let life = 0; life < 2; life++) {
      await using _listener = await listenUnix({ path }, { dialect }, echo);
      await expectServed(path);
    }
    expect(existsSync(path)).toBe(false);
  });

  test('in a missing folder: the error says that it is missing, not that it may not be entered', async () => {
    await expect(listenUnix({ path: '/no/such/folder/a.sock' }, { dialect }, echo)).rejects.toMatchObject({
      code: 'TRANSPORT_ADDRESS',
      message: 'cannot listen at unix:///no/such/folder/a.sock: there is no folder /no/such/folder',
    });
  });

  test('in a folder that cannot be read: the error has the words of the system', async () => {
    const loop = freshFile();
    symlinkSync(loop, loop);
    const error = await listenUnix({ path: join(loop, 'a.sock') }, { dialect }, echo).catch((reason) => reason);
    expect(error).toMatchObject({
      code: 'TRANSPORT_ADDRESS',
      message: expect.not.stringContaining('there is no folder'),
    });
  });

  test('of a process that was killed is replaced', async () => {
    const path = freshFile();
    await killed(await holder(path));
    expect(lstatSync(path).isSocket()).toBe(true);
    await unixListener(path);
    await expectServed(path);
  });

  test('of a process that lives is left to it, and nothing is connected to it', async () => {
    const path = freshFile();
    const child = await holder(path);
    await expect(listenUnix({ path }, { dialect }, echo)).rejects.toMatchObject({
      code: 'TRANSPORT_ADDRESS',
      fault: 'environment',
      message: `cannot listen at unix://${path}: another program listens there`,
      detail: { address: `unix://${path}` },
    });
    child.send('how many?');
    const [connections] = await once(child, 'message');
    // On Linux the kernel's tables show the listener. On other systems only a connection attempt shows it.
    expect(connections).toBe(linux ? 0 : 1);
  });

  test('of a process that lives and used another name for it is left to it too', async () => {
    const path = freshFile();
    const server = createServer((socket) => socket.on('error', () => {}).resume());
    await once(server.listen(relative(process.cwd(), path)), 'listening');
    onTestFinished(() => void server.close());
    await expect(listenUnix({ path }, { dialect }, echo)).rejects.toMatchObject({ code: 'TRANSPORT_ADDRESS' });
    expect(existsSync(path)).toBe(true);
  });

  test('that is not a socket is never removed', async () => {
    const plain = freshFile();
    writeFileSync(plain, 'precious');
    const deep = freshFile();
    mkdirSync(deep);
    const link = freshFile();
    symlinkSync(join(folder, 'nowhere'), link);
    for (const path of [plain, deep, link]) {
      await expect(listenUnix({ path }, { dialect }, echo)).rejects.toMatchObject({
        code: 'TRANSPORT_ADDRESS',
        message: expect.stringContaining('not a socket'),
      });
      expect(lstatSync(path).isSocket()).toBe(false);
    }
  });

  test('in a folder that is not there', async () => {
    await expect(listenUnix({ path: join(folder, 'none', 'x.sock') }, { dialect }, echo)).rejects.toMatchObject({
      code: 'TRANSPORT_ADDRESS',
    });
  });

  test.skipIf(!linux)('an abstract name that is taken, and one whose process was killed', async () => {
    const name = freshName();
    const child = await holder(`@${name}`);
    await expect(listenUnix({ path: `@${name}` }, { dialect }, echo)).rejects.toMatchObject({
      code: 'TRANSPORT_ADDRESS',
      message: `cannot listen at unix:@${name}: another program listens there`,
    });
    await killed(child);
    await unixListener(`@${name}`);
    await expectServed(`@${name}`);
  });
});

describe('permissions', () => {
  test.each([0o600, 0o660, 0o666, 0o777])('%o', async (permissions) => {
    const umask = process.umask();
    const path = freshFile();
    await unixListener(path, { permissions });
    expect(lstatSync(path).mode & 0o777).toBe(permissions);
    expect(process.umask()).toBe(umask);
    await expectServed(path);
  });

  test('in a worker, which cannot set the mask of the process', async () => {
    const path = freshFile();
    const worker = new Worker(new URL('./private-listener.mjs', import.meta.url), {
      workerData: path,
      execArgv: ['--conditions=@bridge/source'],
    });
    onTestFinished(async () => void (await worker.terminate()));
    await once(worker, 'message');
    expect(lstatSync(path).mode & 0o777).toBe(0o640);
  });

  test.each([-1, 0o1000, 1.5, '600'])('invalid permissions are refused: %j', async (permissions) => {
    const path = freshFile();
    await expect(listenUnix({ path }, { dialect, permissions: permissions as number }, echo)).rejects.toMatchObject({
      code: 'TRANSPORT_BAD_OPTION',
      detail: { option: 'permissions' },
    });
    expect(existsSync(path)).toBe(false);
  });

  test.skipIf(!linux)('an abstract name has no permissions', async () => {
    await expect(listenUnix({ path: `@${freshName()}` }, { dialect, permissions: 0o600 }, echo)).rejects.toMatchObject({
      code: 'TRANSPORT_BAD_OPTION',
    });
  });
});

describe('ends', () => {
  test('a caller that half-closes is answered, however long it takes', async () => {
    const path = freshFile();
    // After a caller has half-closed its connection, the listener checks with empty writes whether it still exists.
    const write = vi.spyOn(Socket.prototype, 'write');
    onTestFinished(() => write.mockRestore());
    const looks = (): number => write.mock.calls.filter(([bytes]) => bytes.length === 0).length;
    const listener = await listenUnix({ path }, { dialect }, async (request, { signal }) => {
      await expect.poll(looks).toBeGreaterThan(2);
      return signal.aborted ? [] : [request];
    });
    onTestFinished(() => listener.close());
    const socket = await rawClient(path);
    socket.end(Buffer.of(0, 0, 0, 1, 9));
    expect(await everything(socket)).toEqual(Buffer.of(0, 0, 0, 1, 9));
  });

  test('a far end that closes before its reply, inside of it, or with the request unread', async () => {
    const ways = new Map<string, number>([
      ['TRANSPORT_CLOSED_BEFORE_REPLY', 0],
      ['TRANSPORT_CLOSED_INSIDE_REPLY', 6],
    ]);
    for (const [code, bytes] of ways) {
      const path = freshFile();
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end(Buffer.of(0, 0, 0, 9, 1, 2).subarray(0, bytes)));
      });
      await once(server.listen(path), 'listening');
      onTestFinished(() => void server.close());
      await using carrier = unix({ path }, { dialect });
      await expect(carrier.exchange([Uint8Array.of(1)])).rejects.toMatchObject({ code, detail: { replyBytes: bytes } });
    }
    const path = freshFile();
    const server = createServer((socket) => socket.on('error', () => {}).destroy());
    await once(server.listen(path), 'listening');
    onTestFinished(() => void server.close());
    await using carrier = unix({ path }, { dialect });
    await expect(carrier.exchange([new Uint8Array(1_000_000)])).rejects.toMatchObject({
      code: 'TRANSPORT_CLOSED_BEFORE_REPLY',
      fault: 'peer',
    });
  });

  test('a listener reports callers that fail, as TransportErrors', async () => {
    const path = freshFile();
    const onError = vi.fn();
    const listener = await unixListener(path, { onError });
    const socket = connect(path);
    await once(socket, 'connect');
    socket.end(Buffer.of(0, 0, 0, 9, 1));
    await expect.poll(() => onError.mock.calls.length).toBe(1);
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({
        code: 'TRANSPORT_TRUNCATED',
        message: expect.stringContaining(listener.address),
        detail: expect.objectContaining({ address: listener.address, peer: 'a local process' }),
      }),
      'a local process',
    );
    await expectServed(path);
  });
});
