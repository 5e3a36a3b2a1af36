// launch() checks its options: their defaults, and the errors for invalid ones.
import { describe, expect, test } from 'vitest';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { checkSpec } from '../../src/launch/spec/check-spec.ts';
import type { LaunchSpec } from '../../src/launch/spec/spec.ts';
import { type ConnectOptions, connect } from '../../src/model/connect.ts';

const command = ['python3', '-u', 'models/ml_model.py', '--fast'];

describe('a spec', () => {
  test('and what is decided where it says nothing', () => {
    const launching = checkSpec({ command, port: 6000 });
    expect(launching).toMatchObject({
      name: 'ml_model.py',
      replicas: 1,
      lane: { lean: false },
      shared: true,
      graceMs: 1000,
    });
    expect(launching.plans('x', 1, launching.program)[0]).toEqual({
      launch: 'x',
      replica: 0,
      program: { kind: 'command', command, cwd: undefined },
      port: 6000,
      env: { PYTHONUNBUFFERED: '1' },
      mounts: [],
      memoryBytes: undefined,
      gpus: undefined,
    });
  });

  test.each([
    [['python3', '-c', 'import a/b\nserve()'], 'python3'],
    [['/opt/bin/python3.11', '-Iuc', 'serve()', 'more'], 'python3.11'],
    [['python3', '-m', 'server', '-c', 'server.conf'], 'server'],
    [['./model'], 'model'],
    [['model', '--fast'], 'model'],
  ])('of %j has a name', (words, name) => {
    expect(checkSpec({ command: words, port: 6000 }).name).toBe(name);
  });

  test('with something of its own for each replica', () => {
    const { plans, program } = checkSpec({
      command: (i) => ['python3', 'model.py', String(i)],
      port: (i) => 6000 + i,
      env: (i) => ({ PORT: String(6000 + i), PYTHONUNBUFFERED: '' }),
      replicas: 2,
    });
    expect(plans('x', 2, program)).toMatchObject([
      { port: 6000, env: { PORT: '6000', PYTHONUNBUFFERED: '' }, program: { command: ['python3', 'model.py', '0'] } },
      { port: 6001, env: { PORT: '6001' }, program: { command: ['python3', 'model.py', '1'] } },
    ]);
  });

  test.each([
    [1024, 1024],
    ['512m', 2 ** 29],
    ['2G', 2 ** 31],
    ['1000', 1000],
  ])('memory %s', (memory, bytes) => {
    const { plans, program } = checkSpec({ image: 'model:1', port: 6000, memory });
    expect(program).toEqual({ kind: 'image', image: 'model:1', command: undefined });
    expect(plans('x', 1, program)[0]?.memoryBytes).toBe(bytes);
  });

  test('an image that exposes one port need not be told it', () => {
    const { plans } = checkSpec({ image: 'model:1' });
    const prepared = { kind: 'image', image: 'model:1', command: undefined } as const;
    const portsOf = (exposedPorts?: readonly number[]): number[] =>
      plans('x', 2, { ...prepared, exposedPorts }).map(({ port }) => port);
    expect(portsOf([6000])).toEqual([6000, 6000]);
    for (const [exposed, said] of [
      [undefined, 'no TCP port'],
      [[], 'no TCP port'],
      [[80, 443], 'the TCP ports 80, 443'],
    ] as const) {
      const message = `port is missing, and the image model:1 exposes ${said}: say on which port the model listens`;
      expect(() => portsOf(exposed)).toThrow(expect.objectContaining({ code: 'BRIDGE_OPTION', message }));
    }
    const told = checkSpec({ build: '/srv/model', port: 7000 });
    expect(told.plans('x', 1, { ...prepared, exposedPorts: [80, 443] })[0]?.port).toBe(7000);
  });

  test('an image that is built', () => {
    const { plans, program } = checkSpec({ build: '/srv/model', port: 6000, command: ['serve'] });
    expect(program).toEqual({ kind: 'build', build: { context: '/srv/model' }, command: ['serve'] });
    const built = { kind: 'image', image: 'sha256:1', command: undefined } as const;
    expect(plans('x', 1, built)[0]?.program).toEqual({ kind: 'image', image: 'sha256:1', command: ['serve'] });
  });

  test.each<[unknown, string]>([
    [undefined, 'spec'],
    [{ command: 'python3 x.py', port: 1 }, 'command'],
    [{ command: [], port: 1 }, 'command'],
    [{ command }, 'port'],
    [{ image: '', port: 1 }, 'image'],
    [{ image: 'a', build: 'b', port: 1 }, 'build'],
    [{ command, port: 1, replicas: 0 }, 'replicas'],
    [{ command, port: 1, readyTimeoutMs: -1 }, 'readyTimeoutMs'],
    [{ command, port: 1, graceMs: 'long' }, 'graceMs'],
    [{ command, port: 1, maxRestarts: 1.5 }, 'maxRestarts'],
    [{ command, port: 1, onEvent: 1 }, 'onEvent'],
    [{ command, port: 1, lane: 'fast' }, 'lane'],
    [{ command, port: 1, lane: { lean: true, laen: true } }, 'laen'],
    [{ command, port: 1, dialect: { ...dialects.seed, conection: 'persistent' } }, 'conection'],
    [
      {
        command,
        port: () => {
          throw new Error('no port is left');
        },
      },
      'port of replica 0',
    ],
    [{ command, port: 1, dialect: {} }, 'dialect'],
    [{ command, port: 1, logBytes: 0 }, 'logBytes'],
    [{ image: 'a', port: 1, memory: 'much' }, 'memory'],
    [{ image: 'a', port: 1, memory: 0 }, 'memory'],
    [{ image: 'a', port: 1, mounts: [{ source: 'a', target: '/b' }] }, 'mounts'],
    [{ image: 'a', port: 1, mounts: { source: '/a', target: '/b' } }, 'mounts'],
    [{ image: 'a', port: 1, mounts: [null] }, 'mounts'],
    [{ image: 'a', port: 1, gpus: 0 }, 'gpus'],
    [{ command: [''], port: 1 }, 'command'],
    [{ command }, 'port'],
    [{ build: '/srv/model', port: 0 }, 'port'],
    [{ command, port: 65_536 }, 'port'],
    [{ command, port: '6000' }, 'port'],
    [{ command, port: '' }, 'port'],
    [{ command, port: '@' }, 'port'],
    [{ command, port: '/run/\0model.sock' }, 'port'],
    [{ command, port: `/run/${'m'.repeat(103)}` }, 'port'],
    [{ image: 'a', port: '/run/model.sock' }, 'port'],
    [{ command, port: '/run/model.sock', replicas: 2 }, 'port'],
    [{ image: 'a', port: 1, cwd: '/srv' }, 'cwd'],
    [{ build: 'a', port: 1, cwd: '/srv' }, 'cwd'],
    [{ command, port: (i: number) => 6000 + i / 2, replicas: 2 }, 'port'],
    [{ command, port: 1, cwd: 7 }, 'cwd'],
    [{ command, port: 1, env: 'PORT=1' }, 'env'],
    [{ command, port: 1, env: ['PORT=1'] }, 'env'],
    [{ command, port: 1, env: { 'A=B': '' } }, 'env'],
    [{ command, port: 1, env: { A: 1 } }, 'env.A'],
    [{ command, port: (i: number) => i + 1, replicas: 1e9 }, 'replicas'],
    [{ command, port: 1, shared: 'no' }, 'shared'],
    [{ command, port: 1, name: 5 }, 'name'],
    [{ command, port: 1, signal: {} }, 'signal'],
    [{ command, port: 1, runtime: {} }, 'runtime'],
    [{ command, port: 1, env: new Map([['A', 'b']]) }, 'env'],
    [{ command, port: 1, env: async () => ({ A: 'b' }) }, 'env'],
    [{ image: 'a', port: 1, memory: Object.create(null) }, 'memory'],
    [{ build: '', port: 1 }, 'build'],
    [{ image: 'a', port: 1, memroy: '1g' }, 'memroy'],
    [{ command, port: 1, maxRestart: 0 }, 'maxRestart'],
    [{ command, port: 1, limits: { maxmessagebytes: 5 } }, 'maxmessagebytes'],
    [{ image: 'a', port: 1, mounts: [{ source: '/a', target: '/b', readonly: true }] }, 'readonly'],
    [{ image: 'a', port: 1, mounts: [{ source: '/a', target: '/b', readOnly: 'no' }] }, 'mounts.readOnly'],
    [{ build: { context: '.', dockerFile: 'x' }, port: 1 }, 'dockerFile'],
    [{ build: { context: '.', dockerfile: 7 }, port: 1 }, 'build.dockerfile'],
    [{ build: { context: '.', tag: 7 }, port: 1 }, 'build.tag'],
    [{ build: { context: '.', target: 7 }, port: 1 }, 'build.target'],
    [{ build: { context: '.', args: { A: 1 } }, port: 1 }, 'build.args.A'],
  ])('%o is refused', (spec, name) => {
    expect(() => checkSpec(spec as LaunchSpec)).toThrow(
      expect.objectContaining({ code: 'BRIDGE_OPTION', detail: expect.objectContaining({ name }) }),
    );
  });

  test.each([
    [5, 'limits'],
    [{ maxMessageBytes: Number.NaN }, 'limits.maxMessageBytes'],
    [{ stallMs: 0 }, 'limits.stallMs'],
    [{ stallBytes: '1k' }, 'limits.stallBytes'],
  ])('limits of %o are refused as by connect', (limits, option) => {
    const refused = expect.objectContaining({
      code: 'TRANSPORT_BAD_OPTION',
      detail: expect.objectContaining({ option }),
    });
    expect(() => checkSpec({ command, port: 1, limits } as LaunchSpec)).toThrow(refused);
    expect(() => connect('tcp://127.0.0.1:1', { limits } as ConnectOptions)).toThrow(refused);
  });

  test('limits are those of connect', () => {
    const limits = { maxMessageBytes: 5, stallMs: 50, stallBytes: 5 };
    expect(checkSpec({ command, port: 1, limits }).limits).toEqual(limits);
  });

  test.each([
    ['/run/model.sock', undefined, '/run/model.sock'],
    ['run/model.sock', '/srv', '/srv/run/model.sock'],
    ['@model', '/srv', '@model'],
  ])('a Unix socket in place of a port: %s in %s', (port, cwd, path) => {
    const { plans, program } = checkSpec({ command, port, ...(cwd !== undefined && { cwd }) });
    expect(plans('x', 1, program)).toMatchObject([{ port: 0, path }]);
  });

  test('without anything to start', () => {
    expect(() => checkSpec({ port: 1 } as LaunchSpec)).toThrow(/expected `command`, `image` or `build`/);
  });

  test('two processes on one port, which is for containers', () => {
    expect(() => checkSpec({ command, port: 6000, replicas: 2 })).toThrow(
      /two replicas on port 6000: plain processes share/,
    );
    expect(() => checkSpec({ image: 'a', port: 6000, replicas: 2 })).not.toThrow();
  });
});
