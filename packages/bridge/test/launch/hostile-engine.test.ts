// An engine sends messages that are too long or contain control characters. Invalid requests never reach an engine.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { failure } from '../../../transport/test/support/failure.ts';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { dockerRuntime } from '../../src/launch/docker/docker-runtime.ts';
import { launch } from '../../src/launch/index.ts';
import { keptLog, planOf } from './containers.ts';

const NEVER = new AbortController().signal;

/** Starts an engine that answers requests for its version and its properties, and passes all others to `answer`. */
async function engine(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ env: NodeJS.ProcessEnv; asked: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'npbridge-engine-'));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    asked.push(`${request.method} ${url}`);
    request.resume();
    if (url.startsWith('/version')) response.end('{"Version":"20.10"}');
    else if (url.startsWith('/info')) response.end('{}');
    else answer(request, response);
  });
  server.listen(join(folder, 'docker.sock'));
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { env: { DOCKER_HOST: `unix://${join(folder, 'docker.sock')}` }, asked };
}

const refusing = (text: string) => (_: IncomingMessage, response: ServerResponse) => {
  response.statusCode = 404;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ message: text }));
};

test.each([
  ['100 KB', 'x'.repeat(100_000)],
  ['50 MB', 'x'.repeat(50_000_000)],
  ['orders to a terminal', '\x1b[2J\x9b31m\u202e\u2066 and more\r\nline two'],
])('%s of words are short and quoted in the message, and no more than that is kept', async (_, text) => {
  const { env } = await engine(refusing(text));
  await using runtime = await dockerRuntime(env);
  const error = await failure(runtime.prepare({ kind: 'image', image: 'model', command: undefined }, keptLog(), NEVER));
  expect(error).toMatchObject({ code: 'BRIDGE_LAUNCH', fault: 'caller', detail: { reason: 'no-image' } });
  expect(error.message.length).toBeLessThan(1000);
  // The error with its detail and its cause must be short and printable, too.
  const all = inspect(error, { depth: 10, maxStringLength: null });
  expect(all.length).toBeLessThan(20_000);
  expect(all).not.toMatch(/[^\P{Cc}\n]|[\u202e\u2066]/u);
});

test.each([
  ['what is no JSON', 'no JSON\n'],
  ['a line without an end', 'x'.repeat(2_000_000)],
  ['an error that is no text', '{"error":{"message":"no"}}\n'],
  ['null', 'null\nnull\n{"error":"no"}\n'],
  ['a million lines in one', `${JSON.stringify({ stream: 'line\n'.repeat(200_000) })}\n`],
  ['an end with nothing said', '{"error":""}\n'],
])('a build that says %s is told as one that failed', async (_, text) => {
  const { env } = await engine((request, response) => {
    request.on('end', () => response.end(text));
  });
  const context = temporaryFolder();
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\n');
  await using runtime = await dockerRuntime(env);
  const program = { kind: 'build', build: { context }, command: undefined } as const;
  const error = await failure(runtime.prepare(program, keptLog(), NEVER));
  expect(error).toMatchObject({ code: 'BRIDGE_LAUNCH', detail: { reason: 'build' } });
  expect(inspect(error, { depth: 10, maxStringLength: null }).length).toBeLessThan(100_000);
});

test('the variables of a model are in what is sent to the engine, and not in the address', async () => {
  let body = '';
  const { env, asked } = await engine((request, response) => {
    if (request.url?.startsWith('/images/')) response.end('{"Config":{}}');
    else {
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => refusing('not today')(request, response));
    }
  });
  await using runtime = await dockerRuntime(env);
  const plan = planOf('pass', {
    env: { TOKEN: 'a-secret' },
    program: { kind: 'image', image: 'model', command: undefined },
  });
  const error = await failure(runtime.start(plan, keptLog(), NEVER));
  expect(error).toMatchObject({ code: 'BRIDGE_LAUNCH', detail: { reason: 'refused' } });
  expect(JSON.parse(body)).toMatchObject({ Image: 'model', Env: expect.arrayContaining(['TOKEN=a-secret']) });
  expect(asked.join('\n')).not.toContain('a-secret');
  expect(asked.at(-1)).toMatch(/^POST \/containers\/create\?name=npbridge-[\w-]+$/);
});

test.each([
  'a b',
  'mo\x1b[2Jdel',
  '',
  '-rm',
  '../containers/json',
  'a//b',
  'a/../b',
  'a?x=1',
  'a#b',
  'a%2fb',
  'x'.repeat(600),
  'ä',
])('the image %j is a mistake of the caller, whether there is an engine or not', async (image) => {
  const launching = launch({ image, port: 6000 });
  expect(await failure(launching)).toMatchObject({ code: 'BRIDGE_OPTION', fault: 'caller' });
  const { env, asked } = await engine(refusing('no'));
  await using runtime = await dockerRuntime(env);
  const prepared = runtime.prepare({ kind: 'image', image, command: undefined }, keptLog(), NEVER);
  expect(await failure(prepared)).toMatchObject({ code: 'BRIDGE_OPTION', fault: 'caller' });
  expect(asked.every((each) => /^GET \/(version|info)/.test(each))).toBe(true);
});

test.each(['model', 'Model_1', 'localhost:5000/a/b:1.2@sha256:0123', '[::1]:5000/a', 'sha256:0123'])(
  'the image %s is asked for',
  async (image) => {
    const { env } = await engine(refusing('no'));
    await using runtime = await dockerRuntime(env);
    const prepared = runtime.prepare({ kind: 'image', image, command: undefined }, keptLog(), NEVER);
    expect(await failure(prepared)).toMatchObject({ code: 'BRIDGE_LAUNCH', detail: { reason: 'no-image' } });
  },
);

test('the TCP ports that an image exposes are known once it is prepared', async () => {
  const Config = { ExposedPorts: { '6000/tcp': {}, '6001/udp': {}, '70/tcp': {} } };
  const { env } = await engine((_, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ Config })),
  );
  await using runtime = await dockerRuntime(env);
  const program = { kind: 'image', image: 'model', command: undefined } as const;
  expect(await runtime.prepare(program, keptLog(), NEVER)).toEqual({ ...program, exposedPorts: [6000, 70] });
});
