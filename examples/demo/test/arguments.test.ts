// The demo parses its command line, and reports the arguments that it does not understand.
import { describe, expect, test } from 'vitest';
import { readArguments, USAGE, UsageError } from '../src/arguments.ts';
import { runDemo } from './demo.ts';

test('nothing asked for is the scene', () => {
  const out = 'examples/demo/out/demo.png';
  expect(readArguments([])).toEqual({ help: false, image: undefined, docker: false, frames: 300, out });
});

test('everything asked for', () => {
  const args = ['--image', 'a.png', '--docker', '--frames', '7', '--out=b.png'];
  expect(readArguments(args)).toEqual({ help: false, image: 'a.png', docker: true, frames: 7, out: 'b.png' });
});

describe.each([
  ['an unknown flag', ['--bogus'], "Unknown option '--bogus'"],
  ['a word too many', ['extra'], "Unexpected argument 'extra'"],
  ['a flag without its value', ['--image'], "Option '--image <value>' argument missing"],
  ['an invalid number of frames', ['--frames', 'many'], '--frames wants a number from 1, not many'],
  ['no frames', ['--frames', '0'], '--frames wants a number from 1, not 0'],
])('%s', (_, args, message) => {
  test('is refused', () => {
    expect(() => readArguments(args)).toThrow(new UsageError(message));
  });
});

test('as a process: one line, the usage, exit code 1, and no stack', async () => {
  const { code, stdout, stderr } = await runDemo(['--bogus']);
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: `demo: Unknown option '--bogus'\n${USAGE}\n`,
  });
});

test('--help', async () => {
  expect(await runDemo(['--help'])).toEqual({ code: 0, stdout: `${USAGE}\n`, stderr: '' });
});
