// A carrier to a port inside of a container, through `docker exec`: for a model that listens on its container's loopback
// address alone. It needs a Python in the image, no network, and nothing of the machine but the engine's API, so that it
// also works where the engine is elsewhere. What runs in there is exec-relay/relay.py.
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { type Carrier, isTransportError, openCarrier, TransportError } from '@bridge/transport';
import type { CallerOptions } from '@bridge/transport/tcp';
import type Docker from 'dockerode';
import { within } from '../engine/engine.ts';
import { engineMessage, statusOf } from '../engine/engine-errors.ts';
import { ExecChannel } from './exec-channel.ts';

const RELAY = new URL('../../../../exec-relay/relay.py', import.meta.url);

/** How long an image's Python may take to start. */
const START_MS = 30_000;

/** Where the model listens, as its container sees it. */
export interface InsideAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Opens the first exec, and hands its carrier out once it stands. Further ones are opened as messages overlap.
 * @throws TransportError TRANSPORT_UNREACHABLE where the image has no Python, or the container has ended
 */
export async function execRelay(
  container: Docker.Container,
  { host, port }: InsideAddress,
  options: Pick<CallerOptions, 'dialect' | 'limits'>,
): Promise<Carrier> {
  const address = `${host}:${port} in container ${container.id.slice(0, 12)}`;
  if (options.dialect.opening || options.dialect.exchange) {
    const message = `${address} cannot be reached: no greetings and acknowledgements go through docker exec`;
    throw new TransportError('TRANSPORT_UNREACHABLE', message, { address });
  }
  const script = readFileSync(RELAY, 'utf8');
  const open = async (): Promise<ExecChannel> => {
    try {
      // Isolated: the model's own PYTHONPATH is none of its business.
      const Cmd = ['python3', '-IS', '-c', script, host, String(port)];
      const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
      const exec = await within(START_MS, container.exec({ Cmd, ...attached }));
      const stream = (await within(START_MS, exec.start({ hijack: true, stdin: true }))) as Duplex;
      const channel = new ExecChannel(address, stream, options);
      try {
        await within(START_MS, channel.ready);
      } catch (error) {
        stream.destroy();
        throw error;
      }
      return channel;
    } catch (cause) {
      throw isTransportError(cause) ? cause : unopened(address, cause);
    }
  };
  const channels = new Set([await open()]);
  const rest = (): void => {
    for (const channel of channels) if (channel.idle) channel.close();
    channels.clear();
  };
  return openCarrier(address, {
    async exchange(request, exchange) {
      const idle = [...channels].find((each) => each.idle);
      const channel = idle ?? (await open());
      channels.add(channel);
      try {
        return await channel.exchange(request, exchange);
      } finally {
        if (!channel.idle) channels.delete(channel);
      }
    },
    rest,
    unref: () => {
      for (const channel of channels) channel.unref();
    },
  });
}

/** The engine starts nothing in there: the message was not seen. */
function unopened(address: string, cause: unknown): TransportError {
  if (statusOf(cause) === undefined) {
    const message = `${address} cannot be reached: ${engineMessage(cause)}`;
    return new TransportError('TRANSPORT_UNREACHABLE', message, { address }, { cause });
  }
  const message = `nothing listens at ${address}: ${engineMessage(cause)}`;
  return new TransportError('TRANSPORT_REFUSED', message, { address }, { cause });
}
