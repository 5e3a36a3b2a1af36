// The program npbridge runs as a child process: its output, its exit codes, and its reaction to signals.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { array, decode, encode } from '@bridge/npy';
import { load, save } from '@bridge/npy/node';
import { decodeNpz, encodeNpz } from '@bridge/npy/npz';
import { pickle } from '@bridge/npy/pickle';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { codecs, connect, dialects, serve } from '../../src/index.ts';
import { dial, framed, received } from '../support/seed-host.ts';

const PROGRAM = fileURLToPath(new URL('../../src/cli/npbridge.ts', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

function start(...args: string[]): Running {
  const child = spawn(process.execPath, ['--conditions=@bridge/source', PROGRAM, ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return { child, out: () => out, err: () => err, ended };
}

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const running = start(...args);
  const { code } = await running.ended;
  return { code, out: running.out(), err: running.err() };
}

/** Starts a relay and waits for its address. */
async function relaying(...args: string[]): Promise<Running & { address: string }> {
  const running = start('relay', '--from', 'tcp://127.0.0.1:0', ...args);
  await expect.poll(() => running.out().endsWith('\n') || running.child.exitCode !== null).toBe(true);
  expect(running.err()).toBe('');
  return { ...running, address: running.out().trim() };
}

describe('npbridge', () => {
  test.each([
    [['--help'], 0, /^usage: npbridge SUBCOMMAND …\n\n {2}call .*\n {2}relay /],
    [['help'], 0, /^usage: npbridge SUBCOMMAND/],
    [['help', 'health'], 0, /^usage: npbridge health \[ADDRESS\]\n/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['call', '--help'], 0, /^usage: npbridge call TARGET IN\.npy OUT\.npy \[OPTION …\]\n/],
    [['relay', '-h'], 0, /^usage: npbridge relay --from ADDRESS --to ADDRESS \[OPTION …\]\n/],
  ])('%j is answered on stdout', async (args, code, printed) => {
    expect(await run(...args)).toEqual({ code, out: expect.stringMatching(printed), err: '' });
  });

  test.each([
    [[], /^usage: npbridge SUBCOMMAND/],
    [['fly'], /^npbridge: there is no "fly"\n\nusage: /],
    [['toString'], /^npbridge: there is no "toString"/],
    [['relya'], /^npbridge: there is no "relya"; did you mean relay\?\n\nusage: /],
    [['help', 'cal'], /^npbridge: there is no "cal"; did you mean call\?\n/],
    [
      ['call', 'tcp://127.0.0.1:1', 'a', 'b', '--timeout', '5'],
      /^npbridge call: Unknown option '--timeout'; did you mean --timeout-ms\?\n/,
    ],
    [['relay', '--form', 'tcp://127.0.0.1:0'], /^npbridge relay: Unknown option '--form'; did you mean --from\?\n/],
    [['completion'], /^npbridge completion: SHELL is missing\n/],
    [['completion', 'cmd'], /^npbridge completion: SHELL "cmd": expected bash, zsh or fish\n/],
    [['\x9b2J\u202e'], /^npbridge: there is no "\\u009b2J\\u202e"/],
    [
      ['call', 'tcp://127.0.0.1:1', 'a', 'b', '--\x1b[2J\u2028'],
      /^npbridge call: Unknown option '--\ufffd\[2J\ufffd'\n/,
    ],
    [['call', 'tcp://\x1b[2J\u202e', 'a', 'b'], /^npbridge call: BRIDGE_TARGET: [\x20-\x7e\ufffd]*\n$/],
    [['call'], /^npbridge call: TARGET is missing\nnpbridge call --help tells more\n$/],
    [['call', 'tcp://127.0.0.1:1', 'in.npy'], /^npbridge call: OUT\.npy is missing\n/],
    [['call', 'tcp://127.0.0.1:1', 'a', 'b', 'c'], /^npbridge call: unexpected argument: c\n/],
    [['call', 'localhost:1', 'a', 'b'], /^npbridge call: BRIDGE_TARGET: expected tcp:\/\/host:port/],
    [['call', 'tcp://127.0.0.1:1', 'a', 'b', '--bogus'], /^npbridge call: Unknown option '--bogus'\n/],
    [
      ['relay', '--queue-limit', '-1'],
      /^npbridge relay: Option '--queue-limit' argument is ambiguous\. .* use '--queue-limit=-XYZ'\.\n/,
    ],
    [
      ['call', 'tcp://127.0.0.1:1', 'a', 'b', '--timeout-ms', 'soon'],
      /^npbridge call: --timeout-ms "soon": expected a number/,
    ],
    [
      ['call', 'tcp://127.0.0.1:1', 'a', 'b', '--dialect', 'klingon'],
      /^npbridge call: --dialect "klingon": expected one/,
    ],
    [
      ['call', 'tcp://127.0.0.1:1', 'a', 'b', '--codec', 'raw:uint7:3'],
      /^npbridge call: --codec "raw:uint7:3": expected one of npy, .*\n/,
    ],
    [['relay', '--to', 'tcp://127.0.0.1:1'], /^npbridge relay: --from is missing\n/],
    [['relay', '--from', 'tcp://127.0.0.1:0'], /^npbridge relay: --to is missing\n/],
    [['relay', '--from', 'x', '--to', 'tcp://127.0.0.1:1'], /^npbridge relay: BRIDGE_TARGET: /],
    [
      ['relay', '--from', 'memory:x', '--to', 'tcp://127.0.0.1:1'],
      /^npbridge relay: --from "memory:x": expected an address that other programs can reach\n/,
    ],
    [['call', 'memory:x', 'a', 'b'], /^npbridge call: TARGET "memory:x": expected an address that other programs/],
    [['call', 'tcp://127.0.0.1:1', 'a', 'b', '--dialect', 'prefixed:4:little:big'], /^npbridge call: --dialect /],
    [['help', 'call', 'relay'], /^npbridge: unexpected argument: relay\n/],
    [['--verison'], /^npbridge: Unknown option '--verison'; did you mean --version\?\n/],
    [['relay', '--from', 'tcp://127.0.0.1:0', '--to', 'x'], /^npbridge relay: BRIDGE_TARGET: /],
    [
      ['relay', '--from', 'unix:x', '--to', 'tcp://127.0.0.1:1', '--permissions', '9'],
      /^npbridge relay: --permissions/,
    ],
    [['relay', '--from', 'unix:x', '--to', 'tcp://127.0.0.1:1', '--input', '5'], /^npbridge relay: --input "5"/],
    [
      ['relay', '--from', 'unix:x', '--to', 'tcp://127.0.0.1:1', '--in-flight', '3'],
      /^npbridge relay: BRIDGE_OPTION: inFlight is 3: /,
    ],
    [
      ['relay', '--from', 'unix:x', '--to', 'tcp://127.0.0.1:1', '--max-connections', '0'],
      /^npbridge relay: TRANSPORT_BAD_OPTION: limits\.maxConnections/,
    ],
    [
      ['relay', '--from', `unix:/${'x'.repeat(200)}`, '--to', 'tcp://127.0.0.1:1'],
      /^npbridge relay: TRANSPORT_BAD_ADDRESS: /,
    ],
    [
      ['relay', '--from', 'unix:x', '--to', 'tcp://127.0.0.1:1', '--input', 'uint7'],
      /^npbridge relay: BRIDGE_OPTION: input\.dtype/,
    ],
  ])('%j is not understood: exit code 2, and why', async (args, printed) => {
    expect(await run(...args)).toEqual({ code: 2, out: '', err: expect.stringMatching(printed) });
  });
});

describe('npbridge call', () => {
  test('an array from a file to a model, and back into a file', async () => {
    await using listener = await serve('tcp://127.0.0.1:0', (input) => array([input.shape.length], { dtype: 'int16' }));
    const path = temporaryFolder();
    await save(join(path, 'in.npy'), array(new Uint8Array(24), { shape: [2, 3, 4] }));
    const result = await run(
      'call',
      listener.address,
      join(path, 'in.npy'),
      join(path, 'out.npy'),
      '--timeout-ms',
      '20000',
    );
    expect(result).toEqual({ code: 0, out: '', err: '' });
    const out = await load(join(path, 'out.npy'), { dtype: 'int16' });
    expect([out.shape, out.get(0)]).toEqual([[1], 3]);
  });

  test.each([
    ['numpysocket', dialects.numpysocket],
    ['prefixed:8:little', dialects.prefixed({ bytes: 8, endian: 'little' })],
    ['prefixed:4:persistent', dialects.prefixed({ bytes: 4, connection: 'persistent' })],
  ])('in the dialect %s', async (name, dialect) => {
    await using listener = await serve('tcp://127.0.0.1:0', { dialect }, (input) => input);
    const path = temporaryFolder();
    writeFileSync(join(path, 'in.npy'), encode([1, 2, 3]));
    const files = [join(path, 'in.npy'), join(path, 'out.npy')] as const;
    expect(await run('call', listener.address, ...files, '--dialect', name)).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(files[1])).toEqual(readFileSync(files[0]));
  });

  test.each([
    ['pickled', codecs.pickled()],
    ['npz:frame', codecs.npzArray({ name: 'frame' })],
    ['raw:float64:*', codecs.raw({ dtype: 'float64', shape: [null] })],
    ['raw:<f8:3/npy', { request: codecs.raw({ dtype: '<f8', shape: [3] }), reply: codecs.npy }],
  ])('in the codec %s', async (name, codec) => {
    const dialect = dialects.tenDigits;
    await using listener = await serve('tcp://127.0.0.1:0', { codec, dialect }, (input) => input);
    const path = temporaryFolder();
    const files = [join(path, 'in.npy'), join(path, 'out.npy')] as const;
    writeFileSync(files[0], encode([1, 2, 3]));
    const words = ['--dialect', 'tenDigits', '--codec', name];
    expect(await run('call', listener.address, ...files, ...words)).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(files[1])).toEqual(readFileSync(files[0]));
  });

  test('named arrays from an archive to a model, and back into an archive', async () => {
    const spoken = { codec: codecs.npz, dialect: dialects.tenDigits };
    await using listener = await serve('tcp://127.0.0.1:0', spoken, (arrays) => arrays);
    const path = temporaryFolder();
    const files = [join(path, 'in.npz'), join(path, 'out.npz')] as const;
    writeFileSync(files[0], encodeNpz({ image: array([1, 2]), state: array(new Uint8Array([3])) }));
    const words = ['--dialect', 'tenDigits', '--codec', 'npz'];
    expect(await run('call', listener.address, ...files, ...words)).toEqual({ code: 0, out: '', err: '' });
    const { state, image } = decodeNpz(readFileSync(files[1]));
    expect([state?.dtype, image?.data]).toEqual(['uint8', new Float64Array([1, 2])]);
    const wrong = await run('call', listener.address, join(path, 'out.npz'), '-', '--codec', 'npy');
    expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/^npbridge call: NPY_NOT_NPY: .*\n$/) });
  });

  test('an error is one line and exit code 1', async () => {
    const answer = Promise.withResolvers<void>();
    await using listener = await serve('tcp://127.0.0.1:0', async (input) => {
      await answer.promise;
      return input;
    });
    const path = temporaryFolder();
    const [from, none, to] = [join(path, 'in.npy'), join(path, 'none.npy'), join(path, 'out.npy')];
    writeFileSync(from, encode([1, 2, 3]));
    writeFileSync(join(path, 'text.npy'), 'hello, world');
    writeFileSync(join(path, 'objects.npy'), encode(array([5], { dtype: 'object' }), { objects: pickle }));
    const cases: [string[], RegExp][] = [
      [
        ['tcp://127.0.0.1:1', from, to],
        /^npbridge call: TRANSPORT_REFUSED: nothing listens at tcp:\/\/127\.0\.0\.1:1.*\n$/,
      ],
      [[listener.address, `${none}\x1b[2J\u202e`, to], /^npbridge call: ENOENT: .*none\.npy\ufffd\[2J\ufffd'\n$/],
      [[listener.address, none, to], /^npbridge call: ENOENT: no such file or directory, open '.*none\.npy'\n$/],
      [[listener.address, join(path, 'text.npy'), to], /^npbridge call: NPY_NOT_NPY: .*\n$/],
      [
        [listener.address, join(path, 'objects.npy'), to],
        /^npbridge call: NPY_OBJECTS: .*objects\.npy is an object array, which is a pickle: object arrays are not sent, .*\n$/,
      ],
      [
        [listener.address, from, to, '--timeout-ms', '50'],
        /^npbridge call: BRIDGE_TIMEOUT: no reply within 50 ms.*\n$/,
      ],
    ];
    const programs = cases.map(([args]) => start('call', ...args));
    for (const [i, [, printed]] of cases.entries()) await expect.poll(() => programs[i]?.err()).toMatch(printed);
    // The program that reported the timeout finishes its message before it ends.
    answer.resolve();
    for (const [i, [, printed]] of cases.entries()) {
      expect(await programs[i]?.ended).toEqual({ code: 1, signal: null });
      expect([programs[i]?.out(), programs[i]?.err()]).toEqual(['', expect.stringMatching(printed)]);
    }
  });

  test('a signal gives up the call, and a message that was begun is finished', async () => {
    const entered = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const errors: unknown[] = [];
    await using listener = await serve('tcp://127.0.0.1:0', { onError: (error) => errors.push(error) }, async () => {
      entered.resolve();
      await answer.promise;
      // The system keeps no reply of this size for a program that has ended.
      return new Uint8Array(32 << 20);
    });
    const path = temporaryFolder();
    writeFileSync(join(path, 'in.npy'), encode([1]));
    const running = start('call', listener.address, join(path, 'in.npy'), join(path, 'out.npy'));
    await entered.promise;
    running.child.kill('SIGHUP');
    answer.resolve();
    expect(await running.ended).toEqual({ code: 129, signal: null });
    await listener.close();
    expect(errors).toEqual([]);
  });
});

describe('npbridge relay', () => {
  test('prints its address, relays, reports failures, and ends on SIGTERM with a summary', async () => {
    await using listener = await serve('tcp://127.0.0.1:0', (input) => input);
    const running = await relaying('--to', listener.address, '--input', 'float64:*');
    expect(running.address).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
    await using model = connect(running.address);
    expect((await model.call([7])).get(0)).toBe(7);
    await expect(model.call(new Uint8Array(3))).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    const half = await dial(running.address);
    half.end('12        abc');
    await received(half);
    running.child.kill('SIGTERM');
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.out()).toBe(`${running.address}\n`);
    const lines = running.err().trim().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^@bridge\/bridge: 127\.0\.0\.1:\d+: BRIDGE_SCHEMA: .*expected dtype float64, got uint8$/),
      expect.stringMatching(/^@bridge\/bridge: 127\.0\.0\.1:\d+: TRANSPORT_TRUNCATED: /),
      '2 messages, 1 answered; BRIDGE_SCHEMA 1, TRANSPORT_TRUNCATED 1',
    ]);
  });

  test('converts messages between the codecs of its hosts and its model', async () => {
    const ofModel = { codec: codecs.pickled(), dialect: dialects.tenDigits };
    await using listener = await serve('tcp://127.0.0.1:0', ofModel, (input) => input);
    const spoken = ['--dialect', 'tenDigits', '--codec', 'pickled', '--host-dialect', 'seed'];
    const running = await relaying('--to', listener.address, ...spoken);
    await using model = connect(running.address);
    expect((await model.call([7])).get(0)).toBe(7);
    running.child.kill('SIGTERM');
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.err()).toBe('1 messages, 1 answered\n');
  });

  test('finishes what was begun before it ends, and a second signal does not wait for that', async () => {
    for (const signals of [1, 2]) {
      const entered = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<void>();
      await using listener = await serve('tcp://127.0.0.1:0', { onError: () => {} }, async (input) => {
        entered.resolve();
        await answer.promise;
        return input;
      });
      const running = await relaying('--to', listener.address);
      const host = await dial(running.address);
      host.write(framed(encode([5])));
      const reply = received(host);
      await entered.promise;
      running.child.kill('SIGTERM');
      const isOpen = (): Promise<boolean> =>
        dial(running.address).then(
          (socket) => Boolean(socket.destroy()),
          () => false,
        );
      await expect.poll(isOpen).toBe(false);
      if (signals === 2) {
        running.child.kill('SIGINT');
        expect(await running.ended).toEqual({ code: 130, signal: null });
        answer.resolve();
      } else {
        answer.resolve();
        expect(decode(await reply).get(0)).toBe(5);
        expect(await running.ended).toEqual({ code: 0, signal: null });
      }
    }
  });

  test.each([
    ['never answers', [5], true],
    ['takes nothing of a large message', new Uint8Array(32 << 20), false],
  ] as const)('ends within its bound where the model %s', async (_, input, takes) => {
    const silent = createServer({ pauseOnConnect: !takes }, (socket) => socket.on('error', () => {}));
    silent.on('connection', (socket) => takes && socket.resume());
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { port: number };
    const running = await relaying('--to', `tcp://127.0.0.1:${port}`, '--close-ms', '100');
    const host = await dial(running.address);
    host.write(framed(encode(input)));
    const reply = received(host);
    await once(silent, 'connection');
    running.child.kill('SIGTERM');
    expect(await reply).toHaveLength(0);
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.err()).toMatch(/TRANSPORT_CLOSED: .*\n1 messages, 0 answered; TRANSPORT_CLOSED 1\n$/);
  });

  test('an address that is taken: exit code 1', async () => {
    await using listener = await serve('tcp://127.0.0.1:0', (input) => input);
    const result = await run('relay', '--from', listener.address, '--to', 'tcp://127.0.0.1:1');
    expect(result).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(/^npbridge relay: TRANSPORT_ADDRESS: cannot/),
    });
  });
});
