// A model puts links, devices, pipes, folders and too large files into its lane's folder to hurt its host.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { array, encode } from '@bridge/npy';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { lane, openLane } from '../../src/lane/lane.ts';
import { bytesRead, frame, HELLO, hostileModel, laneFolder } from './hostile-model.ts';

const REPLY = encode(array([1, 2, 3]));
const SECRET = 'this is a secret';
const pipe = (path: string): void => void execFileSync('mkfifo', [path]);
/** Ways to put a file of an unexpected kind at a path. */
const KINDS: readonly [kind: string, put: (path: string) => void][] = [
  [
    'a symbolic link to a secret',
    (path) => {
      writeFileSync(join(dirname(path), 'secret'), SECRET);
      symlinkSync(join(dirname(path), 'secret'), path);
    },
  ],
  [
    'a second name of a secret',
    (path) => {
      writeFileSync(join(dirname(path), 'secret'), SECRET);
      linkSync(join(dirname(path), 'secret'), path);
    },
  ],
  ['a symbolic link to endless zeros', (path) => symlinkSync('/dev/zero', path)],
  ['a symbolic link to itself', (path) => symlinkSync(path, path)],
  ['a pipe that nobody fills', pipe],
  ['a folder', (path) => mkdirSync(join(path, 'with', 'more'), { recursive: true })],
  [
    'a file of 200 MB',
    (path) => {
      writeFileSync(path, 'much');
      truncateSync(path, 200e6);
    },
  ],
];

/** Resolves with the error for which a lane cannot be opened. */
async function reason(path: string): Promise<string> {
  const opening = openLane(path, { dialect: dialects.seed, signal: AbortSignal.timeout(60_000) });
  const error = await opening.then(
    () => expect.fail('it opened'),
    (cause: unknown) => cause,
  );
  expect(error).toMatchObject({ code: 'TRANSPORT_UNREACHABLE', detail: { declined: expect.any(String) } });
  return String((error as { detail: { declined: string } }).detail.declined);
}

describe('in place of the note of why a lane was declined', () => {
  test.each(KINDS)('%s: the host reads nothing of it and does not wait', async (_, put) => {
    const path = laneFolder();
    put(`${path}.declined`);
    const before = bytesRead();
    const why = await reason(path);
    expect(why).toMatch(/^the file that says why the model has no lane (is|has|cannot) /);
    expect(why).not.toContain(SECRET);
    expect(bytesRead() - before).toBeLessThan(50e6);
  });

  test('a file of up to 64 KiB is the reason', async () => {
    const path = laneFolder();
    writeFileSync(`${path}.declined`, 'it forks');
    expect(await reason(path)).toBe('it forks');
  });

  test.skipIf(process.getuid?.() !== 0)('a device: it is not opened', async () => {
    const path = laneFolder('disk');
    execFileSync('mknod', [`${path}.declined`, 'c', '1', '5']);
    expect(await reason(path)).toBe('the file that says why the model has no lane is a device');
  });
});

describe('in place of the socket', () => {
  test.each(KINDS.filter(([kind]) => !kind.includes('itself')))('%s: the host does not connect', async (_, put) => {
    const path = laneFolder();
    put(path);
    expect(await reason(path)).toMatch(/^the lane.s socket is /);
  });

  test('a link to another socket of the machine: nobody connects there', async () => {
    const path = laneFolder();
    const other = join(dirname(path), 'docker.sock');
    let met = 0;
    await hostileModel(other, () => met++);
    symlinkSync(other, path);
    expect(await reason(path)).toBe("the lane's socket is a symbolic link");
    expect(met).toBe(0);
  });

  test('the host waits for a socket whose program is gone, as for one that does not exist yet', async () => {
    const path = laneFolder();
    const server = createServer().listen(path);
    await once(server, 'listening');
    const carrier = lane(path, { dialect: dialects.seed });
    onTestFinished(() => carrier.close());
    // A process that is killed leaves its socket file behind.
    const copy = readdirSync(dirname(path));
    server.close();
    await once(server, 'close');
    expect(copy).toEqual(['lane.sock']);
    await expect(carrier.exchange([REPLY])).rejects.toMatchObject({ code: 'TRANSPORT_REFUSED' });
  });
});

describe('in place of the memory that is lent', () => {
  test.each(KINDS)('%s', async (_, put) => {
    const path = laneFolder();
    for (let slot = 1; slot <= 8; slot++)
      for (const what of ['request', 'reply']) {
        try {
          put(`${path}.${what}-${slot}`);
        } catch {
          // The link to the secret exists already, and is made only once.
        }
      }
    await hostileModel(path, (host) => {
      host.write(HELLO);
      let came = 0;
      host.on('data', (chunk: Buffer) => {
        // The request goes through the lent file, or whole by the socket.
        const first = came === 0;
        came += chunk.length;
        if (first) for (const part of [frame('R', REPLY), frame('E')]) host.write(part);
      });
    });
    const carrier = lane(path, { dialect: dialects.seed, memoryBytes: 1 });
    onTestFinished(() => carrier.close());
    expect(await carrier.exchange([REPLY])).toEqual(REPLY);
    const secret = join(dirname(path), 'secret');
    if (readdirSync(dirname(path)).includes('secret')) expect(readFileSync(secret, 'utf8')).toBe(SECRET);
  });

  test.skipIf(process.getuid?.() !== 0)('a file system that is full: messages go by the socket', async () => {
    const folder = temporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    // Vitest calls the callback that was added last first.
    onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
    const path = join(folder, 'lane.sock');
    const request = encode(array(new Uint8Array(3_000_000).fill(7)));
    await hostileModel(path, (host) => {
      host.write(HELLO);
      let came = 0;
      let sequence = 0;
      host.on('data', (chunk: Buffer) => {
        came += chunk.length;
        if (came < 16 + request.length) return;
        came = 0;
        sequence++;
        host.write(Buffer.concat([frame('R', REPLY, { sequence }), frame('E', '', { sequence })]));
      });
    });
    expect(() => writeFileSync(join(folder, 'full'), new Uint8Array(2 ** 21))).toThrow(/ENOSPC/);
    const carrier = lane(path, { dialect: dialects.seed });
    onTestFinished(() => carrier.close());
    for (let i = 0; i < 3; i++) expect(await carrier.exchange([request])).toEqual(REPLY);
  });

  test('no lent file is left when the lane is closed', async () => {
    const path = laneFolder();
    await hostileModel(path, (host) => {
      host.write(HELLO);
      host.once('data', () => host.write(Buffer.concat([frame('R', REPLY), frame('E')])));
    });
    const carrier = lane(path, { dialect: dialects.seed, memoryBytes: 1 });
    expect(await carrier.exchange([REPLY])).toEqual(REPLY);
    expect(readdirSync(dirname(path)).sort()).toEqual(['lane.sock', 'lane.sock.reply-1', 'lane.sock.request-1']);
    await carrier.close();
    expect(readdirSync(dirname(path))).toEqual(['lane.sock']);
  });
});
