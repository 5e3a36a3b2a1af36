// The checks of the options of a call or a stream. They are made once, before anything is encoded or sent, and before a stream's source is
// read.
import { checkDType } from '../codecs/schema.ts';
import { checkCount, checkFlag, checkMs, checkOption, type Names, optionsOf } from '../errors/options.ts';
import { checkSignal } from '../platform/deadline.ts';
import { type CallOptions, checkRetry, type StreamOptions } from './model.ts';

const CALL: Names<CallOptions> = { signal: true, timeoutMs: true, dtype: true, retry: true };
const STREAM: Names<StreamOptions> = { ...CALL, policy: true, inFlight: true, ordered: true };

/**
 * Returns the checked options of a call.
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkCall(options: CallOptions | null | undefined): Partial<CallOptions> {
  const given = optionsOf<CallOptions>('options', options, CALL);
  checkEach(given);
  return given;
}

function checkEach({ signal, timeoutMs, dtype, retry }: CallOptions): void {
  checkSignal(signal);
  checkMs('timeoutMs', timeoutMs);
  checkDType('dtype', dtype);
  checkRetry(retry);
}

/**
 * Returns the checked options of a stream, and checks its source.
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkStream(
  frames: AsyncIterable<unknown> | Iterable<unknown>,
  options: StreamOptions | null | undefined,
): Partial<StreamOptions> {
  const given = optionsOf<StreamOptions>('options', options, STREAM);
  const { policy = 'every', inFlight = 1, ordered } = given;
  checkEach(given);
  checkOption('frames', frames, isIterable(frames), 'an iterable of arrays, async or not');
  checkOption('policy', policy, policy === 'every' || policy === 'latest', "'every' or 'latest'");
  checkCount('inFlight', inFlight);
  checkFlag('ordered', ordered);
  return given;
}

function isIterable(frames: unknown): boolean {
  if (typeof frames !== 'object' || frames === null) return false;
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = frames as AsyncIterable<unknown> &
    Iterable<unknown>;
  return typeof (later ?? now) === 'function';
}
