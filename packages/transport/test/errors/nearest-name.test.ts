// The name that a misspelt option was probably meant to be.
import { expect, test } from 'vitest';
import { nearestName } from '../../src/errors/nearest-name.ts';

test.each([
  ['endain', ['width', 'endian'], 'endian'],
  ['Endian', ['endian'], 'endian'],
  ['width', ['bytes', 'endian'], undefined],
  ['maxMessageByte', ['maxMessageBytes'], 'maxMessageBytes'],
  ['xy', ['in'], undefined],
  ['to', ['in', 'too'], 'too'],
  ['', ['a'], undefined],
])('%s among %j', (given, known, nearest) => {
  expect(nearestName(given, known)).toBe(nearest);
});
