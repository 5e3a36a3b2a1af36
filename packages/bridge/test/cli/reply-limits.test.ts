// npbridge's options limit the size and the duration of a reply: one model's reply is slow, another's is large.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { array, encode } from '@bridge/npy';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { connect, serve } from '../../src/index.ts';

const PROGRAM = fileURLToPath(new URL('../../src/cli/npbridge.ts', import.meta.url));
const SLOW = ['--stall-ms', '100', '--stall-bytes', '100'];

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** @param until is called with the first line of output; when it resolves, the program gets a SIGTERM */
async function npbridge(args: readonly string[], until?: (out: string) => Promise<void>): Promise<Said> {
  return await new Promise((resolve, reject) => {
    const child = execFile(process.execPath, ['--conditions=@bridge/source', PROGRAM, ...args], (_, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    if (!until) return;
    let said = '';
    child.stdout?.on('data', (text) => {
      said += text;
    });
    void expect
      .poll(() => said)
      .toMatch(/\n$/)
      .then(() => until(said.trim()))
      .then(() => child.kill('SIGTERM'), reject);
  });
}

/** Starts a server that sends one byte of an array every 10 ms, and resolves with its address. */
async function dripping(): Promise<string> {
  const reply = encode(array(new Uint8Array(10_000)));
  const server = createServer((socket) => {
    let sent = 0;
    const drop = setInterval(() => socket.write(reply.subarray(sent, ++sent)), 10);
    socket.on('error', () => {}).on('close', () => clearInterval(drop));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `tcp://127.0.0.1:${(server.address() as { port: number }).port}`;
}

function files(): [string, string] {
  const path = temporaryFolder();
  writeFileSync(join(path, 'in.npy'), encode([1, 2, 3]));
  return [join(path, 'in.npy'), join(path, 'out.npy')];
}

test('call gives a reply up that drips, by --stall-ms and --stall-bytes', async () => {
  const { code, err } = await npbridge(['call', await dripping(), ...files(), ...SLOW]);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^npbridge call: TRANSPORT_TOO_SLOW: .*\n$/) });
});

test('call refuses a reply that is larger than --max-message-bytes', async () => {
  await using large = await serve('tcp://127.0.0.1:0', () => new Uint8Array(1000));
  const { code, err } = await npbridge(['call', large.address, ...files(), '--max-message-bytes', '500']);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^npbridge call: \S+: .*1128 bytes.* 500/) });
});

test('relay holds the replies of its model to the same limits as the messages of its hosts', async () => {
  const slow = await npbridge(
    ['relay', '--from', 'tcp://127.0.0.1:0', '--to', await dripping(), ...SLOW],
    async (at) => {
      await using model = connect(at);
      await expect(model.call([1])).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    },
  );
  expect(slow.err).toMatch(/TRANSPORT_TOO_SLOW: .*\n1 messages, 0 answered; TRANSPORT_TOO_SLOW 1\n$/s);
  await using large = await serve('tcp://127.0.0.1:0', () => new Uint8Array(1000));
  const args = ['relay', '--from', 'tcp://127.0.0.1:0', '--to', large.address, '--max-message-bytes', '500'];
  const refused = await npbridge(args, async (at) => {
    await using model = connect(at);
    await expect(model.call([1])).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
  });
  expect(refused.err).toMatch(/1128 bytes.*\n1 messages, 0 answered/s);
});

test.each(['call', 'relay'])('%s: an invalid limit is not understood', async (name) => {
  const to =
    name === 'call' ? ['tcp://127.0.0.1:1', ...files()] : ['--from', 'tcp://127.0.0.1:0', '--to', 'tcp://127.0.0.1:1'];
  for (const [args, said] of [
    [['--stall-ms', '0'], /limits\.stallMs/],
    [['--stall-bytes', 'few'], /--stall-bytes "few": expected a number/],
  ] as const) {
    const { code, err } = await npbridge([name, ...to, ...args]);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(said) });
  }
});
