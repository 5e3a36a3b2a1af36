// How a call or a stream is to be made, held against what it may be before anything is encoded, asked of a source or sent.
import type { ArrayInput, DTypeName } from '@bridge/npy';
import { checkDType } from '../codecs/schema.ts';
import { checkCount, checkFlag, checkMs, checkOption, type Names, optionsOf, partsOf } from '../errors/options.ts';
import { checkSignal } from '../platform/deadline.ts';
import { type CallOptions, checkRetry, type StreamOptions } from './model.ts';

const CALL: Names<CallOptions> = { signal: true, timeout: true, dtype: true, retry: true };
const STREAM: Names<StreamOptions> = { ...CALL, policy: true, inFlight: true, ordered: true };

/** @throws BridgeError BRIDGE_OPTION */
export function checkCall<D extends DTypeName>(options: CallOptions<D> | null | undefined): Partial<CallOptions<D>> {
  const given = optionsOf<CallOptions<D>>('options', options, CALL);
  checkEach(given);
  return given;
}

function checkEach({ signal, timeout, dtype, retry }: CallOptions): void {
  checkSignal(signal);
  checkMs('timeout', timeout);
  checkDType('dtype', dtype);
  checkRetry(retry);
}

/** @throws BridgeError BRIDGE_OPTION */
export function checkStream<D extends DTypeName>(
  frames: AsyncIterable<ArrayInput> | Iterable<ArrayInput>,
  options: StreamOptions<D> | null | undefined,
): Partial<StreamOptions<D>> {
  const given = optionsOf<StreamOptions<D>>('options', options, STREAM);
  const { policy = 'every', inFlight = 1, ordered } = given;
  checkEach(given);
  checkOption('frames', frames, isSource(frames), 'an iterable of arrays, async or not');
  checkOption('policy', policy, policy === 'every' || policy === 'latest', "'every' or 'latest'");
  checkCount('inFlight', inFlight);
  checkFlag('ordered', ordered);
  return given;
}

function isSource(frames: unknown): boolean {
  if (typeof frames !== 'object') return false;
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = partsOf<AsyncIterable<unknown> & Iterable<unknown>>(
    'frames',
    frames,
    [Symbol.asyncIterator, Symbol.iterator],
  );
  return typeof (later ?? now) === 'function';
}
