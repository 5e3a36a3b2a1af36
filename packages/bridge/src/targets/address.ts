// Addresses as users write them: `tcp://127.0.0.1:6000`, `unix:///run/model.sock`, `unix:@model`.

import { describeValue } from '@bridge/transport';
import { BridgeError } from '../errors/bridge-error.ts';
import { platform } from '../platform/platform.ts';

/** An endpoint of TCP, or a Unix socket: a file, or on Linux an abstract name, which begins with @. */
export type Address =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/**
 * Parses `tcp://host:port`, `unix:///path`, `unix:path` and `unix:@name`. Percent signs are those of a URL.
 * @throws BridgeError BRIDGE_TARGET
 */
export function parseAddress(text: string): Address {
  const address =
    typeof text !== 'string' ? undefined : text.startsWith('unix:') ? unixAddress(text) : tcpAddress(text);
  if (address) return address;
  const message = `expected tcp://host:port, unix:///path or unix:@name, got ${describeValue(text)}`;
  throw new BridgeError('BRIDGE_TARGET', message, { target: text });
}

/** The address as it is parsed, for messages. */
export function addressText(address: Address): string {
  if (address.kind === 'unix') return `unix:${address.path.startsWith('/') ? '//' : ''}${address.path}`;
  const { host, port } = address;
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function tcpAddress(text: string): Address | undefined {
  const url = attempt(() => new platform.URL(text));
  if (url?.protocol !== 'tcp:' || url.hostname === '' || url.port === '') return undefined;
  // What would be ignored is refused.
  if (url.username + url.password + url.search + url.hash !== '' || !/^\/?$/.test(url.pathname)) return undefined;
  // The name of a host is the same in any case.
  return { kind: 'tcp', host: url.hostname.replace(/^\[|\]$/g, '').toLowerCase(), port: Number(url.port) };
}

function unixAddress(text: string): Address | undefined {
  const rest = text.slice('unix:'.length);
  // Two slashes begin a host, and there is none.
  if (rest.startsWith('//') && !rest.startsWith('///')) return undefined;
  const path = attempt(() => decodeURIComponent(rest.startsWith('//') ? rest.slice(2) : rest));
  return path === undefined || path === '' || path === '@' ? undefined : { kind: 'unix', path };
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
