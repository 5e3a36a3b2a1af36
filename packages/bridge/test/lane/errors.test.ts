// The error for a message whose model died: its text, and its detail.
import { expect, test } from 'vitest';
import { lostMessage } from '../../src/lane/lane-errors.ts';

test('the last line of a traceback is cut in the message and whole in the detail, and escapes for terminals are replaced in both', () => {
  const last = `ValueError: \x1b[2J${'x'.repeat(60_000)}`;
  const error = lostMessage('unix:///lane.sock', { how: 'died', traceback: `Traceback:\n${last}\n` }, 0);
  expect(error.message).toMatch(/ died of ValueError: \ufffd\[2Jx+ …, before its reply$/);
  expect(error.message.length).toBeLessThan(700);
  expect(error.detail['traceback']).toEqual(['Traceback:', last.replace('\x1b', '\ufffd')]);
});
