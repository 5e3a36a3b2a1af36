// What is said of a model that died with messages in its hands.
import { expect, test } from 'vitest';
import { lostMessage } from '../../src/lane/errors.ts';

test('what it died of is short in the message, and no order to a terminal; in the detail it is whole, and as little of one', () => {
  const last = `ValueError: \x1b[2J${'x'.repeat(60_000)}`;
  const error = lostMessage('unix:///lane.sock', { how: 'died', traceback: `Traceback:\n${last}\n` }, 0);
  expect(error.message).toMatch(/ died of ValueError: \ufffd\[2Jx+ …, before its reply$/);
  expect(error.message.length).toBeLessThan(700);
  expect(error.detail['traceback']).toEqual(['Traceback:', last.replace('\x1b', '\ufffd')]);
});
