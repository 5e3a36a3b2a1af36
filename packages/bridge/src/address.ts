// Targets and addresses as users write them: `tcp://localhost:6000`.
import { BridgeError } from './errors.ts';
import { platform } from './platform.ts';

/** A TCP endpoint as parsed from `tcp://host:port`. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Parses `tcp://host:port`.
 * @throws BridgeError BRIDGE_TARGET
 */
export function parseAddress(text: string): Address {
  const url = parse(text);
  if (url?.protocol !== 'tcp:' || url.hostname === '' || url.port === '') {
    throw new BridgeError('BRIDGE_TARGET', `expected tcp://host:port, got ${JSON.stringify(text)}`, { target: text });
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
}

function parse(text: string): InstanceType<typeof platform.URL> | undefined {
  try {
    return new platform.URL(text);
  } catch {
    return undefined;
  }
}
