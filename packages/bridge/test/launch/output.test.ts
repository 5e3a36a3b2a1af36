// A process writes its output to sockets: the reader gets all of it in order, and then its end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { launchesFolder } from '../../src/launch/leftovers/folder.ts';
import { ProcessOutput } from '../../src/launch/process/process-output.ts';

async function run(script: string): Promise<{ pieces: [stream: number, text: string][]; code: number }> {
  const pieces: [number, string][] = [];
  const output = await ProcessOutput.open(
    [0, 1].map((i) => (chunk) => pieces.push([i, Buffer.from(chunk).toString('latin1')])),
    launchesFolder(),
  );
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', ...output.writers] });
  await once(child, 'spawn');
  output.handedOver();
  const [[code]] = await Promise.all([once(child, 'exit'), output.ended]);
  return { pieces, code };
}

const textOf = (pieces: readonly [number, string][], stream: number): string =>
  pieces.flatMap(([i, text]) => (i === stream ? [text] : [])).join('');

test.skipIf(process.platform !== 'linux')('a flood on both streams comes whole', async () => {
  const { pieces, code } = await run(`
    const { writeSync } = require('node:fs');
    const piece = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    for (let i = 0; i < 4000; i++) for (const fd of [1, 2]) writeSync(fd, piece);
  `);
  expect(code).toBe(0);
  const piece = Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('latin1');
  for (const stream of [0, 1]) expect(textOf(pieces, stream) === piece.repeat(4000)).toBe(true);
});

test.skipIf(process.platform !== 'linux')('what was written first comes first, the last words last', async () => {
  const { pieces, code } = await run(`
    const { writeSync } = require('node:fs');
    writeSync(1, 'load');
    writeSync(1, 'ing\\n');
    writeSync(2, 'no such weights\\n');
    process.exit(3);
  `);
  expect(code).toBe(3);
  expect(pieces.map(([, text]) => text).join('')).toBe('loading\nno such weights\n');
});

test.skipIf(process.platform !== 'linux')('a process that writes nothing ends it, too', async () => {
  expect(await run('process.exit(0)')).toEqual({ pieces: [], code: 0 });
});
