// How a call or a stream is to be made, held against what it may be before anything is encoded, asked of a source or sent.
import type { ArrayInput } from '@bridge/npy';
import { checkSignal } from './deadline.ts';
import { type CallOptions, checkRetry, type StreamOptions } from './model.ts';
import { checkCount, checkFlag, checkMs, checkOption, optionsOf, propertiesOf } from './option.ts';
import { checkDType } from './schema.ts';

/** @throws BridgeError BRIDGE_OPTION */
export function checkCall(options: CallOptions | null | undefined): void {
  const { signal, timeout, dtype, retry } = optionsOf<CallOptions>('options', options);
  checkSignal(signal);
  checkMs('timeout', timeout);
  checkDType('dtype', dtype);
  checkRetry(retry ?? undefined);
}

/** @throws BridgeError BRIDGE_OPTION */
export function checkStream(
  frames: AsyncIterable<ArrayInput> | Iterable<ArrayInput>,
  options: StreamOptions | null | undefined,
): void {
  checkCall(options);
  const { policy = 'every', inFlight = 1, ordered } = optionsOf<StreamOptions>('options', options);
  checkOption('frames', frames, isSource(frames), 'an iterable of arrays, async or not');
  checkOption('policy', policy, policy === 'every' || policy === 'latest', "'every' or 'latest'");
  checkCount('inFlight', inFlight);
  checkFlag('ordered', ordered);
}

function isSource(frames: unknown): boolean {
  if (typeof frames !== 'object') return false;
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = propertiesOf<
    AsyncIterable<unknown> & Iterable<unknown>
  >(frames);
  return typeof (later ?? now) === 'function';
}
