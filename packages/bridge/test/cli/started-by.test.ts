// npbridge ends or continues when the program that started it ends, as users of that program expect. The tests run the real npx,
// npm, shells and terminals.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { decode, encode } from '@bridge/npy';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Seen } from '../../src/cli/stopping/ancestry.ts';
import { starter } from '../../src/cli/stopping/started-by.ts';
import { serve } from '../../src/index.ts';
import { dial, framed, received } from '../support/seed-host.ts';
import { gone, project } from './project.ts';

const RELAY = ['relay', '--from', 'tcp://127.0.0.1:0', '--to', 'tcp://127.0.0.1:1'] as const;
/** The end of a shell script that ends when a file exists. */
const UNTIL_TOLD = 'until [ -e told ]; do sleep 0.05; done';
const COMMAND = `npbridge ${RELAY.join(' ')}`;
const STAYS = 'ends with no other process';

/**
 * Resolves when a relay has answered two messages, one after the other. It handles a signal that was sent to it before the first one
 * before it reads the second.
 */
async function answersTwice(address: string): Promise<void> {
  for (const value of [1, 2]) {
    const host = await dial(address);
    host.write(framed(encode([value])));
    expect(decode(await received(host)).get(0)).toBe(value);
  }
}

/** Starts a model that answers each message with its array. Resolves with the command line of a relay to it. */
async function relayCommand(): Promise<string> {
  const model = await serve('tcp://127.0.0.1:0', (input) => input);
  onTestFinished(() => model.close());
  return `npbridge relay --from tcp://127.0.0.1:0 --to ${model.address}`;
}

describe('npx', () => {
  test.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('that ends by %s leaves no relay behind', async (signal) => {
    const { run, relay, said } = project();
    const npx = run(['npx', '@bridge/bridge', ...RELAY]);
    const { pid } = await relay();
    npx.kill(signal);
    await gone(pid);
    expect(said()).toMatch(/^tcp:.*\n0 messages, 0 answered\n$/);
  });

  test('and a Ctrl-C: what was begun is finished', async () => {
    const entered = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await using listener = await serve('tcp://127.0.0.1:0', async (input) => {
      entered.resolve();
      await answer.promise;
      return input;
    });
    const { run, relay, said } = project();
    const npx = run(['npx', '@bridge/bridge', 'relay', '--from', 'tcp://127.0.0.1:0', '--to', listener.address], {
      detached: true,
    });
    const { pid, address } = await relay();
    const host = await dial(address);
    host.write(framed(encode([5])));
    const reply = received(host);
    await entered.promise;
    process.kill(-(npx.pid ?? 0), 'SIGINT');
    const isOpen = (): Promise<boolean> =>
      dial(address).then(
        (socket) => Boolean(socket.destroy()),
        () => false,
      );
    await expect.poll(isOpen).toBe(false);
    answer.resolve();
    expect((await reply).length).toBeGreaterThan(0);
    await gone(pid);
    expect(said()).toMatch(/1 messages, 1 answered\n$/);
  });
});

describe('npm run', () => {
  test.each([
    ['a relay', COMMAND],
    ['a relay that a shell waits for', `${COMMAND}; echo done`],
    ['npx in a script', `npx @bridge/bridge ${RELAY.join(' ')}`],
  ])('of %s, ended by force, leaves none behind', async (_, script) => {
    const { run, relay } = project({ relay: script });
    const npm = run(['npm', 'run', 'relay']);
    const { pid } = await relay();
    npm.kill('SIGKILL');
    await gone(pid);
  });

  test.each([
    ['nohup', (command: string) => `nohup ${command} & ${UNTIL_TOLD}`],
    ['setsid', (command: string) => `setsid ${command} & ${UNTIL_TOLD}`],
    ['a script of its own', () => 'sh background.sh'],
  ])('of a script that leaves a relay in the background by %s leaves it there', async (_, script) => {
    const command = await relayCommand();
    const { run, relay, endsWith, path } = project({ relay: script(command) });
    writeFileSync(`${path}/background.sh`, `${command} &\n${UNTIL_TOLD}\n`);
    const npm = run(['npm', 'run', 'relay']);
    const ended = once(npm, 'exit');
    const { pid, address } = await relay();
    writeFileSync(`${path}/told`, '');
    await ended;
    expect(endsWith()).toBe(STAYS);
    await answersTwice(address);
    process.kill(pid, 'SIGTERM');
    await gone(pid);
  });
});

describe('a shell', () => {
  test.each([
    ['sh', ''],
    ['bash', 'nohup '],
    ['sh', 'setsid '],
  ])('%s that ends leaves its background as it is: %snpbridge', async (shell, before) => {
    const { run, relay, endsWith, path } = project();
    const child = run([shell, '-c', `${before}${await relayCommand()} & ${UNTIL_TOLD}`]);
    const ended = once(child, 'exit');
    const { pid, address } = await relay();
    writeFileSync(`${path}/told`, '');
    await ended;
    expect(endsWith()).toBe(STAYS);
    await answersTwice(address);
    process.kill(pid, 'SIGTERM');
    await gone(pid);
  });

  test.each([
    ['a command', ''],
    ['npx', 'npx --package=@bridge/bridge '],
  ])('that starts %s by nohup: a hangup of all of them ends no relay, and SIGTERM does', async (_, before) => {
    const { run, relay } = project();
    const script = `nohup ${before}${await relayCommand()} & wait`;
    const shell = run(['bash', '-c', script], { detached: true });
    const { pid, address } = await relay();
    process.kill(-(shell.pid ?? 0), 'SIGHUP');
    await once(shell, 'exit');
    await answersTwice(address);
    process.kill(pid, 'SIGTERM');
    await gone(pid);
  });

  test('whose hangups are ignored, as those of a script that nohup started: so are those of its relay', async () => {
    const { run, relay } = project();
    run(['bash', '-c', `trap '' HUP; ${await relayCommand()}; true`]);
    const { pid, address } = await relay();
    process.kill(pid, 'SIGHUP');
    await answersTwice(address);
  });
});

test('a terminal that goes away ends the relay that runs in it', async () => {
  const { run, relay, said } = project();
  const terminal = run(['script', '-qec', COMMAND, '/dev/null']);
  const { pid } = await relay();
  terminal.kill('SIGKILL');
  await gone(pid);
  expect(said()).toMatch(/0 messages, 0 answered\n$/);
});

test('hangups that come twice, from the kernel and from a shell, are one', async () => {
  const { run, relay, said } = project();
  run(['npbridge', ...RELAY]);
  const { pid } = await relay();
  process.kill(pid, 'SIGHUP');
  process.kill(pid, 'SIGHUP');
  await gone(pid);
  await expect.poll(said).toMatch(/answered\n$/);
});

describe('who started it', () => {
  const seen = (pid: number, ...words: string[]): Seen => ({
    pid,
    parent: pid - 1,
    words,
    session: '1',
    ignoresHangups: false,
  });
  const sh = (pid: number, script: string): Seen => seen(pid, 'sh', '-c', script);

  test.each<[string, readonly Seen[], boolean]>([
    ['npx', [sh(9, 'npbridge'), seen(8, 'npm exec npbridge', '', '')], true],
    ['npm whose shell has made room', [seen(9, 'npm run relay')], true],
    ['npm as Node starts it', [sh(9, 'npbridge'), seen(8, '/usr/bin/node', '/usr/bin/npm', 'start')], true],
    ['pnpm', [seen(9, 'node', '--no-warnings', '/opt/pnpm/bin/pnpm.cjs', 'exec', 'npbridge')], true],
    ['yarn', [sh(9, 'npbridge'), seen(8, '/usr/bin/node20', '/opt/yarn/bin/yarn.js', 'relay')], true],
    ["a test's program under npm", [seen(9, 'node', 'test.mjs'), sh(8, 'node test.mjs'), seen(7, 'npm test')], false],
    ['a shell', [seen(9, '-bash')], false],
    ['a shell with a command', [sh(9, 'npbridge; true'), seen(8, 'sshd: somebody')], false],
    ['a service manager', [], false],
    ['npm of another session', [{ ...seen(9, 'npm run relay'), session: '2' }], false],
  ])('%s', (_, above, isManager) => {
    expect(starter(above, '1').isManager).toBe(isManager);
  });

  test('nohup in the environment counts where a shell has put it there', () => {
    vi.stubEnv('_', '/usr/bin/nohup');
    expect(starter([seen(9, '-bash')], '1').outlivesTerminal).toBe(true);
    expect(starter([], '1').outlivesTerminal).toBe(true);
    expect(starter([seen(9, 'npm exec npbridge'), seen(8, 'bash')], '1').outlivesTerminal).toBe(true);
    expect(starter([seen(9, 'node', 'test.mjs')], '1').outlivesTerminal).toBe(false);
    vi.stubEnv('_', '/usr/bin/npx');
    expect(starter([seen(9, '-bash')], '1').outlivesTerminal).toBe(false);
    vi.unstubAllEnvs();
  });
});
