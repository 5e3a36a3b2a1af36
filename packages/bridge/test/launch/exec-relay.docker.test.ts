// Messages reach a server by `docker exec` that only listens on its container's loopback address.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asciiLength, type Carrier, uintLength } from '@bridge/transport';
import Docker from 'dockerode';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { execRelay } from '../../src/launch/docker/exec/exec-relay.ts';
import {
  docker,
  engineEnv,
  hasEngine,
  image,
  keptLog,
  routeOptions,
  runtime,
  started,
  untilListening,
} from './containers.ts';

/**
 * A server that reads ten digits and a body, and answers with a length of four bytes and the body reversed. It prints each
 * connection; some bodies are commands.
 */
const SERVER = `
import socket, sys, time
def whole(connection, size):
    data = b''
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more: return None
        data += more
    return data
server = socket.create_server(('127.0.0.1', 6000))
while True:
    connection, _ = server.accept()
    print('connection')
    while True:
        head = whole(connection, 10)
        if not head: break
        body = whole(connection, int(head))
        if body == b'die': raise SystemExit('as told')
        if body == b'close': connection.close(); break
        if body == b'slow': time.sleep(0.5)
        if body == b'half': connection.sendall(b'\\0\\0\\0\\x09half'); connection.close(); break
        if body == b'huge': connection.sendall(b'\\xff' * 64); continue
        connection.sendall(len(body).to_bytes(4, 'big') + body[::-1])
        if not KEEP: break
    connection.close()
`;
const NEVER = new AbortController().signal;
const framings = { request: asciiLength({ width: 10 }), reply: uintLength({ bytes: 4 }) };
const idOf = (name: string): string => name.split(' ')[1] ?? '';

async function relayed(python: string, connection: 'message' | 'persistent' = 'message') {
  const { instance, log } = await started(python);
  const container = new Docker({ socketPath: engineEnv.DOCKER_HOST.slice('unix://'.length) }).getContainer(
    idOf(instance.name),
  );
  const dialect = { ...framings, connection };
  const carrier: Carrier = await execRelay(
    container,
    { host: '127.0.0.1', port: 6000 },
    { dialect, limits: { maxMessageBytes: 2 ** 26 } },
  );
  onTestFinished(() => carrier.close());
  const asks = async (text: string, signal?: AbortSignal): Promise<string> =>
    Buffer.from(await carrier.exchange([Buffer.from(text)], signal ? { signal } : {})).toString();
  return { instance, log, carrier, asks };
}

/** Returns the number of relays in a container: Python processes with the options -IS. */
const execs = (id: string): number =>
  docker('top', id, '-o', 'pid,args')
    .split('\n')
    .filter((line) => line.includes('-IS')).length;

describe.skipIf(!hasEngine)('a relay through docker exec', () => {
  test('carries one message after the other, of any size, each on a connection of its own', async () => {
    const { instance, log, carrier, asks } = await relayed(`KEEP = False\n${SERVER}`);
    await untilListening(instance);
    expect(await asks('abc')).toBe('cba');
    const large = new Uint8Array(20 * 2 ** 20).map((_, i) => i * 31);
    const reply = await carrier.exchange([large.subarray(0, 5), large.subarray(5)]);
    expect(Buffer.compare(reply, large.toReversed())).toBe(0);
    expect(await asks('abc')).toBe('cba');
    for (let i = 0; i < 200; i++) expect(await asks(`${i}`)).toBe([...`${i}`].reverse().join(''));
    await expect.poll(() => log.stdout()).toBe('connection\n'.repeat(203));
    expect(execs(idOf(instance.name))).toBe(1);
    await carrier.close();
    await expect.poll(() => execs(idOf(instance.name))).toBe(0);
  });

  test('keeps a connection for a dialect that does', async () => {
    const { instance, log, asks } = await relayed(`KEEP = True\n${SERVER}`, 'persistent');
    await untilListening(instance);
    for (const text of ['abc', 'def', 'ghi']) expect(await asks(text)).toBe([...text].reverse().join(''));
    expect(log.stdout()).toBe('connection\n');
    await expect(asks('close')).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    expect(await asks('abc')).toBe('cba');
  });

  test('tells apart what the server saw of a message', async () => {
    const { instance, asks } = await relayed(`KEEP = False\n${SERVER}`);
    await untilListening(instance);
    await expect(asks('close')).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    await expect(asks('half')).rejects.toMatchObject({
      code: 'TRANSPORT_CLOSED_INSIDE_REPLY',
      detail: { replyBytes: 8 },
    });
    await expect(asks('huge')).rejects.toMatchObject({ code: 'TRANSPORT_TOO_LARGE' });
    expect(await asks('abc')).toBe('cba');
    await expect(asks('die')).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    await instance.ended;
    await expect(asks('abc')).rejects.toMatchObject({ code: 'TRANSPORT_REFUSED' });
  });

  test('refuses if nothing listens, which proves that the message was not seen', async () => {
    const { asks } = await relayed('import time; time.sleep(1000)');
    await expect(asks('abc')).rejects.toMatchObject({ code: 'TRANSPORT_REFUSED' });
    await expect(asks('abc')).rejects.toMatchObject({ code: 'TRANSPORT_REFUSED' });
  });

  test('lets go of a message that is given up, which the server answers all the same', async () => {
    const { instance, asks } = await relayed(`KEEP = False\n${SERVER}`);
    await untilListening(instance);
    const reason = new Error('enough');
    const gone = new AbortController();
    const slow = asks('slow', gone.signal);
    setTimeout(() => gone.abort(reason), 100);
    await expect(slow).rejects.toBe(reason);
    expect(await asks('abc')).toBe('cba');
    expect(await Promise.all([asks('one'), asks('two')])).toEqual(['eno', 'owt']);
  });

  test('that finds no Python in the image is told, with what to do', async () => {
    const docking = await runtime();
    const context = temporaryFolder();
    writeFileSync(join(context, 'Dockerfile'), `FROM ${image}\nRUN mv /usr/bin/python3 /usr/bin/own-python\n`);
    const command = ['own-python', '-u', '/model/ml_model.py'];
    const program = await docking.prepare({ kind: 'build', build: { context }, command }, keptLog(), NEVER);
    const { instance } = await started(undefined, { program, env: { HOST: 'localhost' } }, docking);
    const error = await instance.route(await untilListening(instance), routeOptions).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'BRIDGE_LAUNCH', fault: 'environment', detail: { reason: 'no-route' } });
    expect((error as Error).message).toMatch(/listens on 127\.0\.0\.1, .* it needs a python3 in the image \(.*python3/);
  });
});
