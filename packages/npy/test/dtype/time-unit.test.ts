// Units of time in a descr are parsed, with and without divisors.
import { expect, test } from 'vitest';
import { parseTimeUnit, timeUnitText } from '../../src/dtype/time-unit.ts';

test.each([
  ['', ''],
  ['[generic]', ''],
  ['[generic/1]', ''],
  ['[s]', '[s]'],
  ['[25s]', '[25s]'],
  ['[1s]', '[s]'],
  ['[μs]', '[us]'],
  ['[us/100]', '[10ns]'],
  ['[ms/1]', '[ms]'],
  ['[25ms/1]', '[25ms]'],
  ['[W/16]', '[630m]'],
  ['[2147483647s]', '[2147483647s]'],
])('%s is %s', (text, written) => {
  const unit = parseTimeUnit(text);
  expect(unit && timeUnitText(unit)).toBe(written);
});

test.each([
  ['[s/7]', 'no smaller unit is a seventh'],
  ['[s/0]', 'nothing divides by 0'],
  ['[s/-1]', 'a count is positive'],
  ['[generic/2]', 'there is nothing to divide'],
  ['[2147483648s]', 'a count is a C int'],
  ['[2147483647ms/2]', 'also after division'],
  ['[s/2/2]', 'one divisor'],
  ['[]', 'no unit'],
  ['s', 'no brackets'],
])('%s is invalid: %s', (text) => {
  expect(parseTimeUnit(text)).toBeUndefined();
});
