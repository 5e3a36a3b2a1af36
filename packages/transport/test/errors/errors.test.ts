// TransportError: the fault of each code, its detail and cause, and a guard that recognises errors of other copies of the package.
import { expect, test } from 'vitest';
import {
  isTransportError,
  TransportError,
  type TransportErrorCode,
  type TransportFault,
} from '../../src/errors/transport-error.ts';

const faults: Record<TransportErrorCode, TransportFault> = {
  TRANSPORT_REFUSED: 'environment',
  TRANSPORT_UNREACHABLE: 'environment',
  TRANSPORT_CLOSED_BEFORE_REPLY: 'peer',
  TRANSPORT_CLOSED_INSIDE_REPLY: 'peer',
  TRANSPORT_BAD_FRAME: 'peer',
  TRANSPORT_TOO_LARGE: 'peer',
  TRANSPORT_TRUNCATED: 'peer',
  TRANSPORT_CLOSED: 'caller',
  TRANSPORT_ADDRESS: 'environment',
  TRANSPORT_BAD_ADDRESS: 'caller',
  TRANSPORT_BAD_MESSAGE: 'caller',
  TRANSPORT_BAD_OPTION: 'caller',
  TRANSPORT_CALLER_GONE: 'peer',
  TRANSPORT_TOO_SLOW: 'peer',
  TRANSPORT_OVERLOADED: 'environment',
  TRANSPORT_HANDLER_LATE: 'caller',
};

test.each(Object.entries(faults) as [TransportErrorCode, TransportFault][])(
  '%s is the fault of the %s',
  (code, fault) => {
    const error = new TransportError(code, 'said so');
    expect(error).toMatchObject({ name: 'TransportError', message: 'said so', code, fault, detail: {} });
    expect(error.cause).toBeUndefined();
  },
);

test('detail and cause are kept, and a fault given goes before the usual one', () => {
  const cause = new Error('below');
  const error = new TransportError('TRANSPORT_TOO_LARGE', 'too large', { bytes: 11 }, { cause, fault: 'caller' });
  expect(error.detail).toEqual({ bytes: 11 });
  expect(error.cause).toBe(cause);
  expect(error.fault).toBe('caller');
});

test('told by name and code, so that a second copy of the package is told too', () => {
  const own = new TransportError('TRANSPORT_REFUSED', '');
  const others = Object.assign(new Error(''), { name: 'TransportError', code: 'TRANSPORT_REFUSED' });
  for (const error of [own, others]) {
    expect(isTransportError(error)).toBe(true);
    expect(isTransportError(error, 'TRANSPORT_REFUSED')).toBe(true);
    expect(isTransportError(error, 'TRANSPORT_CLOSED')).toBe(false);
  }
  const none = [
    new Error('x'),
    { name: 'TransportError', code: 'TRANSPORT_REFUSED' },
    'TransportError',
    undefined,
    null,
  ];
  for (const error of none) expect(isTransportError(error)).toBe(false);
});
