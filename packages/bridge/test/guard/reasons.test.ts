// The errors of calls that the guard rejects.
import { TransportError } from '@bridge/transport';
import { expect, test } from 'vitest';
import { errorOf } from '../../src/guard/reasons.ts';

test('a call whose message was not sent has the code and the fault of the failed connection', () => {
  const error = new TransportError('TRANSPORT_UNREACHABLE', 'no way', { address: 'a' }, { fault: 'peer' });
  expect(errorOf({ kind: 'gone', replica: 0, error, againMs: 99.5 }, [], 0)).toMatchObject({
    code: 'TRANSPORT_UNREACHABLE',
    fault: 'peer',
    message: 'no way; this message was not sent, and the model is called again in 100 ms',
    detail: { address: 'a', againMs: 99.5 },
    cause: error,
  });
});
