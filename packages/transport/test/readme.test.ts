// Every example of the README runs and prints the output in its comments, which stand behind each console.log or on comment lines
// at the left margin. The README's tables list every code and every framing.
import { readFile, rm } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { examplesOf, expectPromised, program, promised } from '../../npy/test/support/readme-examples.ts';
import { TransportError, type TransportErrorCode } from '../src/errors/transport-error.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
// The folder lies inside the package, so that '@bridge/transport' resolves to this package.
const folder = new URL('../.cache/readme/', import.meta.url);

afterAll(() => rm(folder, { recursive: true, force: true }));

const examples = examplesOf(readme).map(({ source }) => source);

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(5);
});

test.each(examples.map((source, i) => [i + 1, source] as const))(
  'example %i prints what it says',
  async (i, source) => {
    expect(promised(source).length).toBeGreaterThan(0);
    await expectPromised(await program(folder, `example-${i}`, source), source);
  },
);

test('the table of errors has every code, with its fault', () => {
  // This is a Record over all codes: TypeScript refuses it if a code is missing.
  const codes: Record<TransportErrorCode, true> = {
    TRANSPORT_REFUSED: true,
    TRANSPORT_UNREACHABLE: true,
    TRANSPORT_CLOSED_BEFORE_REPLY: true,
    TRANSPORT_CLOSED_INSIDE_REPLY: true,
    TRANSPORT_BAD_FRAME: true,
    TRANSPORT_TOO_LARGE: true,
    TRANSPORT_TRUNCATED: true,
    TRANSPORT_CLOSED: true,
    TRANSPORT_ADDRESS: true,
    TRANSPORT_BAD_ADDRESS: true,
    TRANSPORT_BAD_MESSAGE: true,
    TRANSPORT_BAD_OPTION: true,
    TRANSPORT_CALLER_GONE: true,
    TRANSPORT_TOO_SLOW: true,
    TRANSPORT_OVERLOADED: true,
    TRANSPORT_HANDLER_LATE: true,
  };
  const rows = [...readme.matchAll(/^\| `(TRANSPORT_[A-Z_]+)` \| (\w+) \|/gm)].map(([, code, fault]) => [code, fault]);
  const expected = (Object.keys(codes) as TransportErrorCode[]).map((code) => [
    code,
    new TransportError(code, '').fault,
  ]);
  expect(rows).toEqual(expected);
});
