// Why a port cannot be listened on, from the kernel's tables.
import { expect, test } from 'vitest';
import { portUseIn, useText } from '../../src/socket/port-use.ts';

const line = (state: string, timer: string): string =>
  `   0: 0100007F:1770 0100007F:C350 ${state} 00000000:00000000 ${timer} 00000000     0        0 0 3 0`;
const TIME_WAIT = line('06', '03:00000EA4');

test('a port that only a TIME_WAIT holds is not listened on by another program, and is free at a time that is told', () => {
  const use = portUseIn(
    ['  sl  local_address rem_address   st', TIME_WAIT, line('06', '03:00000064')].join('\n'),
    6000,
  );
  expect(use).toEqual({ use: 'time-wait', sockets: 2, freeInMs: 37_480 });
  expect(use && useText(use)).toBe(
    'nobody listens there, and 2 connections of a program that did are kept by the system after the end (TIME_WAIT), for another 38 s',
  );
});

test('a program that listens is told before its connections', () => {
  expect(portUseIn([TIME_WAIT, line('0A', '00:00000000')].join('\n'), 6000)).toMatchObject({ use: 'listening' });
  expect(portUseIn([TIME_WAIT, line('01', '00:00000000')].join('\n'), 6000)).toMatchObject({ use: 'connections' });
  expect(portUseIn(TIME_WAIT, 6001)).toBeUndefined();
});
