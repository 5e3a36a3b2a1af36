// The error messages about a model that has ended.
import { TransportError } from '@bridge/transport';
import { expect, test } from 'vitest';
import { givenUpError, startError, withEnding } from '../../src/launch/launch-errors.ts';

const told = (...lastWords: string[]) => {
  const fault = { kind: 'died', ending: { how: 'exited', code: 1 } } as const;
  return startError(fault, { model: 'm', instance: 'process 1', place: 'port 6000', lastWords });
};

test('a long last line is cut in the message, and whole in its detail', () => {
  const line = 'x'.repeat(16_384);
  const error = told(line);
  expect(error.message).toMatch(/x{500} …$/);
  expect(error.message.length).toBeLessThan(600);
  expect(error.detail.lastWords).toEqual([line]);
});

test('control characters are not passed on to a terminal', () => {
  expect(told('\x1b[2Jgone\x07', '').message).toMatch(/last words: \ufffd\[2Jgone\ufffd$/);
});

test('of a progress bar, the last state is quoted', () => {
  expect(told(`${'\r10 % loaded'.repeat(100)}\r11 % loaded\r`).message).toMatch(/last words: 11 % loaded$/);
});

test('an error says in a sentence of its own that the program wrote nothing', () => {
  const fault = {
    kind: 'not ready',
    withinMs: 5,
    waitedFor: 'it listens elsewhere: tell the program of port 6',
  } as const;
  const error = startError(fault, { model: 'm', instance: 'process 1', place: 'port 6', lastWords: [] });
  expect(error.message).toMatch(/: tell the program of port 6; it wrote nothing$/);
});

test.each([
  [0, /; not restarted \(`maxRestarts`\); its last words/],
  [1, /; given up after 1 start without an answer \(`maxRestarts`\); its last words/],
  [5, /; given up after 5 starts in a row without an answer \(`maxRestarts`\); its last words/],
])('a model that was given up after %i starts says which option says so', (starts, message) => {
  const fault = { kind: 'died', ending: { how: 'exited', code: 1 } } as const;
  const about = { model: 'm', instance: 'process 1', place: 'port 6000', lastWords: ['x'] };
  expect(givenUpError(fault, starts, about).message).toMatch(message);
});

test('a lost message keeps the code and the fault of its error', () => {
  const lost = new TransportError(
    'TRANSPORT_CLOSED_BEFORE_REPLY',
    'gone',
    { replyBytes: 0, reset: false },
    { fault: 'environment' },
  );
  const about = { model: 'm', instance: 'process 1', place: 'port 6000', lastWords: [] };
  expect(withEnding(lost, { how: 'exited', code: 1 }, about)).toMatchObject({
    code: 'TRANSPORT_CLOSED_BEFORE_REPLY',
    fault: 'environment',
    message: 'gone; m (process 1) exited with code 1; it wrote nothing',
    detail: { replyBytes: 0, instance: 'process 1' },
    cause: lost,
  });
});
