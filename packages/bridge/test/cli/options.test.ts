// Every option in the tables of options is in the help of its subcommand, changes the values that are parsed, and is an option of
// the library.
import { resolveReplyLimits } from '@bridge/transport';
import { describe, expect, test } from 'vitest';
import { resolveListenLimits } from '../../../transport/src/answering/listen-limits.ts';
import { helpOf, helpOfOne } from '../../src/cli/help.ts';
import { replyLimits } from '../../src/cli/options/limit-options.ts';
import { count, milliseconds } from '../../src/cli/options/number.ts';
import type { AnyOption, Options, Positionals, Table, Value } from '../../src/cli/options/option.ts';
import { parse } from '../../src/cli/options/parse.ts';
import { helpOption } from '../../src/cli/options/program-options.ts';
import { hostOptions } from '../../src/cli/options/relay-host-options.ts';
import { modelOptions, queueOptions } from '../../src/cli/options/target.ts';
import type { Subcommand } from '../../src/cli/subcommand.ts';
import { SUBCOMMANDS } from '../../src/cli/subcommands.ts';
import { connect, type RelayOptions, relay } from '../../src/index.ts';
import { checkGuarding } from '../../src/model/make-guard.ts';
import { checkCallOptions } from '../../src/targets/stream-call-options.ts';

const subcommands = await Promise.all(
  Object.entries(SUBCOMMANDS).map(async ([name, { load }]) => [name, await load()] as const),
);

/** A value of each kind, by the word that stands for the kind in the help. */
const SAMPLES: Readonly<Record<string, string>> = {
  MS: '77',
  N: '2',
  ADDRESS: 'tcp://127.0.0.1:79',
  NAME: 'prefixed:4:little',
  SCHEMA: 'uint8:*,80',
  OCTAL: '601',
  CODEC: 'raw:uint8:2,*/npy',
  SHELL: 'zsh',
  'FILE.npy': 'a.npy',
};

/** Returns command-line arguments that set an option to another value than its default. */
function wordsOf({ flag, value }: AnyOption): string[] {
  if (!value) return [`--${flag}`];
  const sample = SAMPLES[value.word];
  if (sample === undefined) throw new Error(`this test knows no value of the kind ${value.word}`);
  return [`--${flag}`, sample];
}

function positionalsOf({ positionals }: Subcommand): string[] {
  return positionals.map(({ value }) => SAMPLES[value.word] ?? '');
}

const requiredBy = ({ options }: Subcommand): string[] => options.filter(({ required }) => required).flatMap(wordsOf);

const each = subcommands.flatMap(([name, subcommand]) =>
  subcommand.options.map((option) => [`${name} --${option.flag}`, name, subcommand, option] as const),
);

describe.each(each)('%s', (_, name, subcommand, option) => {
  test('is in the help, with its value and its default', () => {
    const help = helpOfOne(name, subcommand, 100);
    const line = help.split('\n').find((row) => row.startsWith(`  --${option.flag}`));
    const letter = option.short === undefined ? '' : `, -${option.short}`;
    const value = option.value ? ` ${option.value.word}` : '';
    expect(line).toMatch(new RegExp(`^  --${option.flag}${letter}${value}  `));
    const oneLine = help.replace(/\s+/g, ' ');
    if (option.default !== undefined) expect(oneLine).toContain(`(default: ${option.default})`);
    expect(oneLine).toContain(option.help);
  });

  test('changes the values that are read', () => {
    const given = [...positionalsOf(subcommand), ...requiredBy(subcommand)];
    const read = JSON.stringify(subcommand.parse([...given, ...wordsOf(option)]));
    if (option.required) {
      expect(read).toContain(JSON.stringify(SAMPLES[option.value?.word ?? '']));
      const others = { ...subcommand, options: subcommand.options.filter((other) => other !== option) };
      expect(() => subcommand.parse([...positionalsOf(subcommand), ...requiredBy(others)])).toThrow(
        `--${option.flag} is missing`,
      );
    } else expect(read).not.toBe(JSON.stringify(subcommand.parse(given)));
  });
});

test('no option has the flag of another one of its subcommand', () => {
  for (const [, { options }] of subcommands) {
    const flags = options.map(({ flag }) => flag);
    expect(flags).toEqual([...new Set(flags)]);
  }
});

describe('the library takes all options at once', () => {
  const readBy = (name: string): unknown => {
    const [, subcommand] = subcommands.find(([each]) => each === name) ?? [];
    if (!subcommand) throw new Error(`there is no ${name}`);
    return subcommand.parse([...positionalsOf(subcommand), ...subcommand.options.flatMap(wordsOf)])[1];
  };

  test('of call', async () => {
    const read = readBy('call') as { timeoutMs: number; model: object };
    await using model = connect('tcp://127.0.0.1:79', read.model);
    expect([typeof model.call, read.timeoutMs]).toEqual(['function', 77]);
  });

  test('of relay', async () => {
    const read = readBy('relay') as { relay: object };
    const said = 'a relay cannot listen at the address of its own model: both are unix:socket';
    await expect(relay('unix:socket', ['unix:socket'], read.relay)).rejects.toThrow(said);
  });
});

describe('the defaults in the help are those of the library', () => {
  const textsOf = (table: object = {}): object =>
    Object.fromEntries(Object.entries(table as Table).map(([name, option]) => [name, option.default]));
  const asTexts = (values: object): object =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  const GIB = { maxMessageBytes: '1 GiB' };

  test('for a reply', () => {
    const defaults = resolveReplyLimits({});
    expect(defaults.maxMessageBytes).toBe(2 ** 30);
    expect(textsOf(replyLimits)).toEqual({ ...asTexts(defaults), ...GIB });
  });

  test('for the hosts of a relay', () => {
    const { maxHandlers: _, maxQueued: __, handlerMs: ___, ...defaults } = resolveListenLimits();
    expect(defaults.maxMessageBytes).toBe(2 ** 30);
    const held = 'two of the largest messages, and at least 64 MiB';
    expect(resolveListenLimits({ maxMessageBytes: 2 ** 20 }).maxHeldBytes).toBe(64 * 2 ** 20);
    expect(resolveListenLimits({ maxMessageBytes: 2 ** 28 }).maxHeldBytes).toBe(2 * 2 ** 28);
    expect(textsOf(hostOptions.limits)).toEqual({ ...asTexts(defaults), ...GIB, maxHeldBytes: held });
  });

  test('for the queue in front of a model', () => {
    const { idleMs: _, ...defaults } = checkGuarding({}, [{}]);
    expect(textsOf(queueOptions)).toEqual(asTexts(defaults));
  });

  test('for the dialect', () => {
    expect(modelOptions.dialect).toMatchObject({ default: 'seed' });
    expect(checkCallOptions({}).dialect).toMatchObject({ name: 'seed' });
  });
});

describe.each([100, 80])('on a terminal of %d columns', (columns) => {
  test.each(subcommands)('the help of %s fits', (name, subcommand) => {
    for (const line of helpOfOne(name, subcommand, columns).split('\n'))
      expect(line.length).toBeLessThanOrEqual(columns);
  });

  test('the list of subcommands fits, and has each of them', () => {
    const lines = helpOf(SUBCOMMANDS, columns).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    for (const [name] of subcommands)
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^ {2}${name} +\\w`)));
  });
});

describe('a table of options', () => {
  const word: Value<string> = { word: 'WORD', expected: 'a word', read: (text) => (text === 'no' ? undefined : text) };

  interface Given {
    readonly isLoud?: boolean;
    readonly lengths?: readonly number[];
    readonly help?: boolean;
    readonly inner: { readonly size?: number; readonly deep: { readonly sizeAgain?: number } };
  }

  const size = { flag: 'size', value: count, help: 'the size' } as const;
  const options: Options<Given> = {
    isLoud: { flag: 'loud', help: 'says more' },
    lengths: { flag: 'length-ms', value: milliseconds, repeats: true, help: 'a length' },
    help: helpOption,
    inner: { size, deep: { sizeAgain: size } },
  };
  const positionals: Positionals<{ readonly first: string; readonly second?: string }> = {
    first: { name: 'FIRST', value: word },
    second: { name: 'SECOND', value: word, optional: true },
  };
  const read = (...args: string[]): unknown => parse(args, positionals, options);

  test('has the shape of the values, and an option that is not given is missing', () => {
    expect(read('a')).toEqual([{ first: 'a' }, { inner: { deep: {} } }]);
    expect(read('--loud', 'a', '--size=5', 'b', '--length-ms', '1', '--length-ms', '2.5')).toEqual([
      { first: 'a', second: 'b' },
      { isLoud: true, lengths: [1, 2.5], inner: { size: 5, deep: { sizeAgain: 5 } } },
    ]);
    expect(read('--', '--size')).toEqual([{ first: '--size' }, { inner: { deep: {} } }]);
  });

  test.each([
    [['a', 'b', 'c'], 'unexpected argument: c'],
    [[], 'FIRST is missing'],
    [['a', ''], 'SECOND is empty'],
    [['no'], 'FIRST "no": expected a word'],
    [['a', '--length-ms', '1', '--length-ms', ''], '--length-ms "": expected a number'],
    [['a', '--size'], "Option '--size <value>' argument missing"],
    [['a', '--loud=yes'], "Option '--loud' does not take an argument"],
    [['a', '--lenght-ms', '1'], "Unknown option '--lenght-ms'; did you mean --length-ms?"],
    [['a', '--length=1'], "Unknown option '--length'; did you mean --length-ms?"],
    [['a', '--SIZE=1'], "Unknown option '--SIZE'; did you mean --size?"],
    [['a', '--hepl'], "Unknown option '--hepl'; did you mean --help?"],
    [['a', '--xy'], "Unknown option '--xy'"],
    [['a', '-s'], "Unknown option '-s'"],
    [['a', '--colour'], "Unknown option '--colour'"],
  ])('%j is not understood', (args, why) => {
    expect(() => read(...args)).toThrow(expect.objectContaining({ name: 'UsageError', message: why }));
  });
});

test('the compiler refuses a table that does not fit the options of the library', () => {
  const help = '';
  const refused: Options<RelayOptions>[] = [
    // @ts-expect-error the library's name for the option is `inFlight`
    { inflight: { flag: 'in-flight', value: count, help } },
    // @ts-expect-error a dialect is not a number
    { dialect: { flag: 'dialect', value: count, help } },
    // @ts-expect-error a number needs a value
    { queueLimit: { flag: 'queue-limit', help } },
    // @ts-expect-error the library takes one number, and not a list
    { queueLimit: { flag: 'queue-limit', value: count, repeats: true, help } },
    // @ts-expect-error the library's name for the option is `maxHeldBytes`
    { hosts: { limits: { maxHeldByte: { flag: 'max-held-bytes', value: count, help } } } },
  ];
  // @ts-expect-error the library requires a size, so the option has to be required as well
  const required: Options<{ readonly size: number }> = { size: { flag: 'size', value: count, help } };
  expect([...refused, required]).toHaveLength(6);
});
