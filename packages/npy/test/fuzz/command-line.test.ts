// The fuzzer's command line: its help, and its errors for unknown options.
import { expect, test } from 'vitest';
import { optionsOf } from '../../fuzz/options.ts';

test('no options are the defaults that --help tells', () => {
  expect(optionsOf([])).toEqual({
    cases: 20_000,
    seed: 1,
    kind: undefined,
    replay: undefined,
    hostile: false,
    maxDifferences: 20,
  });
  const help = optionsOf(['--help']);
  expect(help).toMatchObject({ exitCode: 0, text: expect.stringContaining('--cases N') });
  for (const said of ['(20000)', '(1)', '(20)']) expect(help).toMatchObject({ text: expect.stringContaining(said) });
});

test.each<[string[], string]>([
  [['--nonsense'], "Unknown option '--nonsense'"],
  [['--cases', 'x'], "--cases wants a whole number, not 'x'"],
  [['--seed', '-1'], '--seed'],
  [['--seed', ''], "--seed wants a whole number, not ''"],
  [['--kind', 'nope'], "'nope' is no kind of case"],
  [['more'], "Unexpected argument 'more'"],
])('%j is one sentence, and code 2', (args, said) => {
  const instead = optionsOf(args);
  expect(instead).toMatchObject({ exitCode: 2, text: expect.stringContaining(said) });
  expect('text' in instead && instead.text).not.toContain('\n');
});
