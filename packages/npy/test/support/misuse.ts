// Functions are called with wrong values in place of every argument and of every option. A call must succeed or throw an error that
// has a code; a TypeError or RangeError of the runtime fails the test.
import { readFileSync } from 'node:fs';

type Values = Readonly<Record<string, unknown>>;

class Options {
  readonly values: Values;
  /** True if the function accepts properties of other names as well. */
  readonly isOpen: boolean;
  /** True if the function accepts a value of another kind in place of the record. */
  readonly isReplaceable: boolean;

  constructor(values: Values, isOpen: boolean, isReplaceable = false) {
    this.values = values;
    this.isOpen = isOpen;
    this.isReplaceable = isReplaceable;
  }
}

/**
 * Describes an argument that is a record of options: every name that the function knows, with a correct value. A value may be such
 * a record again.
 */
export const options = (values: Values): unknown => new Options(values, false);

/** Describes a record in which any other name is also allowed: variables, arrays by name. */
export const record = (values: Values): unknown => new Options(values, true);

/** Describes a record for which a value of another kind may stand: a number for an array. */
export const oneOf = (values: Values): unknown => new Options(values, true, true);

/** An argument for which values of any kind may be correct. */
class Anything {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

export const anything = (value: unknown): unknown => new Anything(value);

/** A function, and correct arguments, in which `options` and `anything` describe which values may replace them. */
export interface Use {
  // The parameters are `never`, because the functions are called with values that their types do not allow.
  readonly call: (...args: never[]) => unknown;
  readonly args: readonly unknown[];
}

export function use(call: (...args: never[]) => unknown, ...args: unknown[]): Use {
  return { call, args };
}

/** Values that are wrong for every argument and every option. */
const WRONG: readonly (readonly [what: string, value: unknown])[] = [
  ['NaN', Number.NaN],
  ['-1', -1],
  ['a negative bigint', -1n],
  ['a symbol', Symbol('wrong')],
  ['a promise', Promise.resolve({})],
  ['a Map', new Map([['wrong', 1]])],
];

interface Misuse {
  readonly what: string;
  readonly args: readonly unknown[];
  /** True if the function must refuse the value. */
  readonly isWrong: boolean;
}

function plainOf(value: unknown): unknown {
  if (value instanceof Anything) return value.value;
  if (!(value instanceof Options)) return value;
  return Object.fromEntries(Object.entries(value.values).map(([name, each]) => [name, plainOf(each)]));
}

/** Yields the values to try in place of a correct value, and whether each is wrong. */
function* inPlaceOf(value: unknown, what: string): Generator<[what: string, value: unknown, isWrong: boolean]> {
  const isAny = value instanceof Anything || (value instanceof Options && value.isReplaceable);
  for (const [kind, wrong] of WRONG) yield [`${what} is ${kind}`, wrong, !isAny];
  yield [`${what} is null`, null, false];
  if (!(value instanceof Options)) return;
  const plain = plainOf(value) as object;
  yield [`${what} is a proxy`, new Proxy(plain, {}), false];
  for (const [name, each] of Object.entries(value.values)) {
    const called = `${what}.${name}`;
    yield [`${called} is misspelt`, { ...plain, [misspelt(name)]: plainOf(each) }, !value.isOpen];
    for (const [kind, wrong, isWrong] of inPlaceOf(each, called)) yield [kind, { ...plain, [name]: wrong }, isWrong];
  }
}

/** Returns a name with its last two letters swapped: `limist` for `limits`. */
function misspelt(name: string): string {
  const [last = '', before = ''] = [...name].reverse();
  return last === before ? `${name}s` : `${name.slice(0, -2)}${last}${before}`;
}

function* misuses({ args }: Use): Generator<Misuse> {
  const plain = args.map(plainOf);
  for (const [i, arg] of args.entries())
    for (const [what, value, isWrong] of inPlaceOf(arg, `argument ${i + 1}`))
      yield { what, isWrong, args: plain.map((each, j) => (j === i ? value : each)) };
}

/**
 * Calls a function once with each wrong value.
 * @param isCoded whether an error is one of those that may be thrown
 * @returns a description of each call that ended in another way than it must
 */
export async function problemsOf(tried: Use, isCoded: (error: unknown) => boolean): Promise<string[]> {
  const problems: string[] = [];
  // Correct arguments must succeed, so that every problem below comes from the value that was replaced.
  await closed(await tried.call(...(tried.args.map(plainOf) as never[])));
  for (const { what, args, isWrong } of misuses(tried)) {
    try {
      const result = await tried.call(...(args as never[]));
      await closed(result);
      if (isWrong) problems.push(`${what}: taken`);
    } catch (error) {
      if (!isCoded(error)) problems.push(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  return problems;
}

async function closed(result: unknown): Promise<void> {
  const { close, [Symbol.dispose]: dispose } = Object(result) as Partial<{ close(): unknown } & Disposable>;
  if (typeof close === 'function') await close.call(result);
  else if (typeof dispose === 'function') dispose.call(result);
}

/** Returns the names of all values that a package exports, with their entry: `./tcp listenTcp`. */
export async function exportsOf(packageFolder: URL): Promise<string[]> {
  const { exports } = JSON.parse(readFileSync(new URL('package.json', packageFolder), 'utf8')) as {
    exports: Record<string, string | Record<string, string>>;
  };
  const entries = Object.entries(exports).flatMap(([entry, conditions]) =>
    typeof conditions === 'string' ? [] : [[entry, conditions['@bridge/source'] ?? ''] as const],
  );
  const all = await Promise.all(
    entries.map(async ([entry, file]) => {
      const module = (await import(new URL(file, packageFolder).href)) as object;
      return Object.keys(module).map((name) => `${entry} ${name}`);
    }),
  );
  return all.flat().sort();
}
