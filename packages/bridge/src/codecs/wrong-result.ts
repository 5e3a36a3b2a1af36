// The error for a user's function (of a codec or a header) that returns something else than its contract says.
import { describeValue } from '@bridge/transport';
import { BridgeError } from '../errors/bridge-error.ts';

/** Returns BRIDGE_OPTION for the result of the function `name`. */
export function wrongResult(name: string, expected: string, value: unknown): BridgeError {
  return new BridgeError('BRIDGE_OPTION', `${name} returned ${describeValue(value)}: expected ${expected}`, {
    name,
    expected,
  });
}
