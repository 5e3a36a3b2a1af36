// Parses addresses of all schemes.
import { describeValue } from '@bridge/transport';
import { BridgeError } from '../errors/bridge-error.ts';
import { SCHEMES } from './all-schemes.ts';
import type { Address, Scheme } from './scheme.ts';

const ALL: readonly Scheme[] = SCHEMES;

/** The forms of all addresses, for error messages: `tcp://host:port, unix:///path, unix:@name, memory:name`. */
export const FORMS: string = formsOf(ALL);

/** The forms of the addresses that other programs can reach, for the command line. */
export const OUTER_FORMS: string = formsOf(ALL.filter(({ withinProcess }) => !withinProcess));

function formsOf(schemes: readonly Scheme[]): string {
  return schemes.map(({ form }) => form).join(', ');
}

/**
 * Parses an address of any scheme.
 * @throws BridgeError BRIDGE_TARGET
 */
export function parseAddress(text: string): Address & { readonly scheme: Scheme } {
  const begin = typeof text === 'string' ? text.slice(0, text.indexOf(':')).toLowerCase() : undefined;
  const scheme = ALL.find(({ name }) => name === begin);
  const address = scheme?.parse(text);
  if (scheme && address) return { ...address, scheme };
  const message = `expected ${scheme?.form ?? FORMS}, got ${describeValue(text)}`;
  throw new BridgeError('BRIDGE_TARGET', message, { target: text });
}

/** Returns a target's attributes in OpenTelemetry. A target without an address, which is a carrier or a launched model, has none. */
export function addressAttributes(target: string): Address['attributes'] {
  for (const { name, parse } of ALL) if (target.startsWith(`${name}:`)) return parse(target)?.attributes ?? {};
  return {};
}
