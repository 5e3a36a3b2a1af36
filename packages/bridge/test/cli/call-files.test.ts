// `npbridge call` reads and writes files, pipes, FIFOs and devices. It leaves existing files unchanged if the disk is full, a limit
// is reached, or a signal ends it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from '@bridge/npy';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serve } from '../../src/index.ts';

const PROGRAM = fileURLToPath(new URL('../../src/cli/npbridge.ts', import.meta.url));
/** An array that is larger than a pipe's buffer, and than the small disk of the last test. */
const FILE = encode(new Float64Array(100_000));
const isRoot = process.getuid?.() === 0;

interface Setting {
  readonly path: (name: string) => string;
  /** Returns the number of calls that the model has answered. */
  readonly answered: () => number;
  readonly call: (from: string, to: string, how?: { readonly shell?: string }) => ChildProcess;
}

async function setting(): Promise<Setting> {
  const folder = mkdtempSync(join(tmpdir(), 'npbridge-files-'));
  let answered = 0;
  const listener = await serve('tcp://127.0.0.1:0', (input) => {
    answered++;
    return input;
  });
  onTestFinished(async () => {
    await listener.close();
    rmSync(folder, { recursive: true });
  });
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('in.npy'), FILE);
  return {
    path,
    answered: () => answered,
    call(from, to, { shell = 'exec "$@"' } = {}) {
      const words = [process.execPath, '--conditions=@bridge/source', PROGRAM, 'call', listener.address, from, to];
      const child = spawn('bash', ['-c', shell, 'bash', ...words], { cwd: folder });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    },
  };
}

async function ended(child: ChildProcess): Promise<{ code: number | null; out: Buffer; err: string }> {
  const out: Buffer[] = [];
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, out: Buffer.concat(out), err };
}

/** Resolves when a program has added its signal handlers. */
async function hears(child: ChildProcess): Promise<void> {
  const caught = (): string => readFileSync(`/proc/${child.pid}/status`, 'utf8').match(/^SigCgt:.*/m)?.[0] ?? '';
  // The lowest bit of the mask is SIGHUP, for which Node itself has no handler.
  await expect.poll(caught).toMatch(/[13579bdf]$/);
}

/** Resolves when the event loop of a program waits for an open file: `0` for standard input, or a path. */
async function waitsFor(child: ChildProcess, file: string): Promise<void> {
  const process = `/proc/${child.pid}`;
  const watched = (): string[] => {
    const descriptors = readdirSync(`${process}/fd`).map((fd) => [fd, linkOf(`${process}/fd/${fd}`)] as const);
    const epolls = descriptors.filter(([, link]) => link === 'anon_inode:[eventpoll]');
    const infos = epolls.map(([fd]) => readFileSync(`${process}/fdinfo/${fd}`, 'utf8')).join('');
    const targets = new Set([...infos.matchAll(/^tfd:\s*(\d+)/gm)].map(([, fd]) => fd));
    return descriptors.filter(([fd]) => targets.has(fd)).flat();
  };
  await expect.poll(watched).toContain(file);
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // The program has closed it.
    return '';
  }
}

const done = { code: 0, err: '' };

describe('standard input and output', () => {
  test.each([
    ['-', '-'],
    ['/dev/stdin', '/dev/stdout'],
    ['/dev/fd/0', '/dev/fd/1'],
  ])('as %s and %s, sockets or pipes', async (from, to) => {
    const { call } = await setting();
    const sockets = call(from, to);
    sockets.stdin?.end(FILE);
    const result = await ended(sockets);
    expect(result).toMatchObject(done);
    expect(result.out.equals(FILE)).toBe(true);
    const pipes = call(from, to, { shell: 'cat | "$@" | cat' });
    pipes.stdin?.end(FILE);
    expect((await ended(pipes)).out.equals(FILE)).toBe(true);
  });

  test('redirected from and to files', async () => {
    const { call, path } = await setting();
    expect(await ended(call('-', '-', { shell: '"$@" < in.npy > out.npy' }))).toMatchObject(done);
    expect(readFileSync(path('out.npy')).equals(FILE)).toBe(true);
  });

  test('one array is read, although its writer has not ended', async () => {
    const { call } = await setting();
    const child = call('-', '-');
    child.stdin?.write(FILE);
    expect(await ended(child)).toMatchObject(done);
  });

  test('the reader of the output closes it before its end: one line, and no stack', async () => {
    const { call } = await setting();
    for (const shell of ['set -o pipefail; "$@" | head -c 10', 'set -o pipefail; "$@" | true']) {
      const child = call('in.npy', '-', { shell });
      child.stdin?.end();
      expect(await ended(child)).toMatchObject({
        code: 1,
        err: 'npbridge call: EPIPE: the reader of the output has closed it before its end\n',
      });
    }
  });

  test('an empty input is an error', async () => {
    const { call } = await setting();
    const child = call('-', '-');
    child.stdin?.end();
    expect(await ended(child)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^npbridge call: NPY_TRUNCATED: /),
    });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('without input: %s ends it with %d', async (signal, code) => {
    const { call } = await setting();
    for (const shell of ['exec "$@"', 'mkfifo held && exec "$@" 0<>held']) {
      const child = call('-', 'out.npy', { shell });
      const end = ended(child);
      await hears(child);
      await waitsFor(child, '0');
      child.kill(signal);
      expect(await end).toMatchObject({ code, err: '' });
    }
  });
});

describe('a FIFO', () => {
  const fifo = (path: string): string => {
    execFileSync('mkfifo', [path]);
    return path;
  };

  test('is read from and written to', async () => {
    const { call, path } = await setting();
    const [from, to] = [fifo(path('from')), fifo(path('to'))];
    const child = call(from, to);
    createWriteStream(from).end(FILE);
    const parts: Buffer[] = [];
    for await (const part of createReadStream(to)) parts.push(part as Buffer);
    expect(Buffer.concat(parts).equals(FILE)).toBe(true);
    expect(await ended(child)).toMatchObject(done);
    expect(statSync(to).isFIFO()).toBe(true);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'without a writer, without a reader, or whose reader stops reading: %s ends the wait with %d',
    async (signal, code) => {
      const { call, path, answered } = await setting();
      const [from, to, stuck] = [fifo(path('from')), fifo(path('to')), fifo(path('stuck'))];
      const children = [
        call(from, 'out.npy'),
        call('in.npy', to),
        call('in.npy', stuck, { shell: 'exec 9<>stuck; exec "$@"' }),
      ];
      const all = Promise.all(children.map(ended));
      for (const child of children) await hears(child);
      for (const [i, file] of [from, undefined, stuck].entries())
        if (children[i] && file) await waitsFor(children[i], file);
      await expect.poll(answered).toBe(2);
      for (const child of children) child.kill(signal);
      for (const result of await all) expect(result).toMatchObject({ code, err: '' });
    },
  );
});

describe('a file', () => {
  test('keeps its permissions, and a link stays a link', async () => {
    const { call, path } = await setting();
    writeFileSync(path('old.npy'), 'old', { mode: 0o640 });
    symlinkSync('old.npy', path('link.npy'));
    symlinkSync('new.npy', path('dangling.npy'));
    for (const name of ['link.npy', 'dangling.npy']) expect(await ended(call('in.npy', name))).toMatchObject(done);
    expect(statSync(path('old.npy')).mode & 0o777).toBe(0o640);
    for (const name of ['old.npy', 'new.npy']) expect(readFileSync(path(name)).equals(FILE)).toBe(true);
    expect(readdirSync(path('.')).sort()).toEqual(['dangling.npy', 'in.npy', 'link.npy', 'new.npy', 'old.npy']);
  });

  test('links in a circle are an error of the system, and the program ends', async () => {
    const { call, path } = await setting();
    symlinkSync('there.npy', path('here.npy'));
    symlinkSync('here.npy', path('there.npy'));
    expect(await ended(call('in.npy', 'here.npy'))).toMatchObject({ code: 1, err: expect.stringContaining('ELOOP') });
  });

  test('may be the one that was read', async () => {
    const { call, path } = await setting();
    expect(await ended(call('in.npy', 'in.npy'))).toMatchObject(done);
    expect(readFileSync(path('in.npy')).equals(FILE)).toBe(true);
  });

  test.each([
    ['none/out.npy', /ENOENT: no such file or directory, open 'none\/out\.npy'/],
    ['.', /EISDIR: /],
  ])('that cannot be written, %s: exit code 1, and why', async (to, why) => {
    const { call } = await setting();
    expect(await ended(call('in.npy', to))).toMatchObject({ code: 1, err: expect.stringMatching(why) });
  });

  test('in a folder where nothing can be made is written in place', async () => {
    const { call, path } = await setting();
    const folder = path('closed');
    mkdirSync(folder);
    writeFileSync(join(folder, 'out.npy'), 'old', { mode: 0o666 });
    // Root may create files in any folder, so the test gives up root's rights first.
    const shell = isRoot
      ? 'chmod 755 . && chmod 666 closed/out.npy && chmod 555 closed && exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"'
      : 'chmod 555 closed && exec "$@"';
    expect(await ended(call('in.npy', 'closed/out.npy', { shell }))).toMatchObject(done);
    expect(readFileSync(join(folder, 'out.npy')).equals(FILE)).toBe(true);
    execFileSync('chmod', ['755', folder]);
  });

  test('whose name is empty or invalid UTF-8 is refused before anything is sent, and no other file is made', async () => {
    const { call, path } = await setting();
    const refused = (why: string): object => ({ code: 2, err: expect.stringContaining(why) });
    expect(await ended(call('', 'out.npy'))).toMatchObject(refused('npbridge call: IN.npy is empty\n'));
    expect(await ended(call('in.npy', ''))).toMatchObject(refused('npbridge call: OUT.npy is empty\n'));
    for (const words of ["in.npy $'out\\xff.npy'", "$'in\\xff.npy' out.npy"]) {
      const shell = `exec "\${@:1:5}" ${words}`;
      expect(await ended(call('in.npy', 'out.npy', { shell }))).toMatchObject(refused('is not UTF-8'));
    }
    expect(readdirSync(path('.'))).toEqual(['in.npy']);
  });

  test('larger than a process may write: an error with a code, and the old file is kept', async () => {
    const { call, path } = await setting();
    writeFileSync(path('old.npy'), 'old');
    const shell = 'ulimit -f 100; exec "$@"';
    const why = { code: 1, err: 'npbridge call: EFBIG: file too large, write; old.npy is as it was\n' };
    expect(await ended(call('in.npy', 'old.npy', { shell }))).toMatchObject(why);
    expect(readFileSync(path('old.npy'), 'utf8')).toBe('old');
    const none = { code: 1, err: 'npbridge call: EFBIG: file too large, write; new.npy was not made\n' };
    expect(await ended(call('in.npy', 'new.npy', { shell }))).toMatchObject(none);
    expect(readdirSync(path('.')).sort()).toEqual(['in.npy', 'old.npy']);
    // The part of the array that was written to standard output remains there.
    const straight = await ended(call('in.npy', '-', { shell: 'ulimit -f 100; exec "$@" > part.npy' }));
    expect(straight).toMatchObject({ code: 1, err: 'npbridge call: EFBIG: file too large, write\n' });
  });

  test('written directly to a device without room: an error with a code', async () => {
    const { call } = await setting();
    const why = { code: 1, err: 'npbridge call: ENOSPC: no space left on device, write\n' };
    expect(await ended(call('in.npy', '/dev/full'))).toMatchObject(why);
    expect(await ended(call('in.npy', '-', { shell: '"$@" > /dev/full' }))).toMatchObject(why);
    const help = '"$1" "$2" "$3" "$4" --help > /dev/full';
    expect(await ended(call('in.npy', '-', { shell: help }))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^npbridge: standard output: ENOSPC: .*\n$/),
    });
  });
});

describe.skipIf(!isRoot)('a full disk (as root, who can make one)', () => {
  test('the old file is kept, and no part of the new one', async () => {
    const { call, path } = await setting();
    const disk = path('disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'npbridge-test', disk]);
    onTestFinished(() => void execFileSync('umount', [disk]));
    writeFileSync(join(disk, 'old.npy'), 'old');
    symlinkSync('disk/old.npy', path('link.npy'));
    for (const [to, state] of [
      ['disk/old.npy', 'is as it was'],
      ['link.npy', 'is as it was'],
      ['disk/new.npy', 'was not made'],
    ] as const) {
      const err = `npbridge call: ENOSPC: no space left on device, write; ${to} ${state}\n`;
      expect(await ended(call('in.npy', to))).toMatchObject({ code: 1, err });
    }
    expect(readFileSync(join(disk, 'old.npy'), 'utf8')).toBe('old');
    expect(readdirSync(disk)).toEqual(['old.npy']);
    expect(existsSync(path('link.npy'))).toBe(true);
  });
});
