// The list of all schemes. A new scheme is one more file in this folder, and one more entry in SCHEMES.
import { describeValue } from '@bridge/transport';
import { BridgeError } from '../errors/bridge-error.ts';
import { memory } from './memory.ts';
import type { Address, Scheme } from './scheme.ts';
import { tcp } from './tcp.ts';
import { unix } from './unix.ts';

export const SCHEMES: readonly Scheme[] = [tcp, unix, memory];

/** The forms of all addresses, for error messages and help: `tcp://host:port, unix:///path, unix:@name`. */
export const FORMS: string = SCHEMES.map(({ form }) => form).join(', ');

/**
 * Parses an address of any scheme.
 * @throws BridgeError BRIDGE_TARGET
 */
export function parseAddress(text: string): Address & { readonly scheme: Scheme } {
  const begin = typeof text === 'string' ? text.slice(0, text.indexOf(':')).toLowerCase() : undefined;
  const scheme = SCHEMES.find(({ name }) => name === begin);
  const address = scheme?.parse(text);
  if (scheme && address) return { ...address, scheme };
  const message = `expected ${scheme?.form ?? FORMS}, got ${describeValue(text)}`;
  throw new BridgeError('BRIDGE_TARGET', message, { target: text });
}

/** Returns a target's attributes in OpenTelemetry. A target without an address, which is a carrier or a launched model, has none. */
export function addressAttributes(target: string): Address['attributes'] {
  for (const { name, parse } of SCHEMES) if (target.startsWith(`${name}:`)) return parse(target)?.attributes ?? {};
  return {};
}
