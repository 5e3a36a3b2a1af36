// A carrier to a port inside of a container through `docker exec`, for a model that listens on its container's loopback address
// alone. The image needs Python, but no network is needed: the carrier uses the engine's API alone, so it also works if the engine runs
// on another machine. The program that runs in the container is exec-relay/relay.py.
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import {
  type Carrier,
  isTransportError,
  makeCarrier,
  messageBytes,
  type Signal,
  TransportError,
} from '@bridge/transport';
import { unlessAborted } from '@bridge/transport/internal';
import type { CallerOptions } from '@bridge/transport/tcp';
import type Docker from 'dockerode';
import { shrunkMessage } from '../../../lane/lane-errors.ts';
import { within } from '../engine/engine.ts';
import { engineMessage, statusOf } from '../engine/engine-errors.ts';
import { ExecChannel } from './exec-channel.ts';

const RELAY = new URL('../../../../exec-relay/relay.py', import.meta.url);

/** The limit for starting Python in the container. */
const START_MS = 30_000;

/** The address at which the model listens, as its container sees it. */
export interface InsideAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Resolves with a carrier once its first exec is ready. More execs are started when messages overlap.
 * @throws TransportError TRANSPORT_UNREACHABLE if the image has no Python, or the container has ended
 */
export async function execRelay(
  container: Docker.Container,
  { host, port }: InsideAddress,
  options: Pick<CallerOptions, 'dialect' | 'limits'>,
): Promise<Carrier> {
  const address = `${host}:${port} in container ${container.id.slice(0, 12)}`;
  if (options.dialect.opening || options.dialect.exchange) {
    const message = `${address} cannot be reached through docker exec by a dialect with greetings or acknowledgements`;
    throw new TransportError('TRANSPORT_UNREACHABLE', message, { address });
  }
  const script = readFileSync(RELAY, 'utf8');
  const open = async (): Promise<ExecChannel> => {
    try {
      // In isolated mode (-I) the model's PYTHONPATH has no effect on the relay.
      const Cmd = ['python3', '-IS', '-c', script, host, String(port)];
      const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
      const exec = await within(START_MS, container.exec({ Cmd, ...attached }));
      const starting = exec.start({ hijack: true, stdin: true });
      try {
        // Cast: the engine's hijacked stream can be written to.
        const stream = (await within(START_MS, starting)) as Duplex;
        const channel = new ExecChannel(address, stream, options);
        await within(START_MS, channel.ready);
        return channel;
      } catch (error) {
        // The exec may start after the limit.
        void starting.then(
          (unwanted) => unwanted.on('error', () => {}).destroy(),
          () => {},
        );
        throw error;
      }
    } catch (cause) {
      throw isTransportError(cause) ? cause : unopened(address, cause);
    }
  };
  /** Opens a channel for a message. If the message is aborted first, the channel is closed once it is open. */
  const openFor = async (signal: Signal | undefined): Promise<ExecChannel> => {
    const opening = open();
    try {
      return await unlessAborted(opening, signal);
    } catch (error) {
      void opening.then(
        (unwanted) => unwanted.close(),
        () => {},
      );
      throw error;
    }
  };
  // Busy and idle channels. A channel leaves the set once it takes no more messages, and not before: it could not be closed any more.
  const channels = new Set([await open()]);
  const rest = (): void => {
    for (const channel of channels) {
      if (channel.idle) channel.close();
      if (channel.isOver) channels.delete(channel);
    }
  };
  return makeCarrier(address, {
    async exchange(request, exchange) {
      const { signal } = exchange;
      let channel = [...channels].find((each) => each.idle);
      if (!channel) {
        const bytes = messageBytes(request);
        channel = await openFor(signal);
        channels.add(channel);
        if (signal?.aborted) throw signal.reason;
        const left = messageBytes(request);
        if (left !== bytes) throw shrunkMessage(address, bytes, left);
      }
      try {
        return await channel.exchange(request, exchange);
      } finally {
        if (channel.isOver) channels.delete(channel);
      }
    },
    rest,
    unref: () => {
      for (const channel of channels) channel.unref();
    },
  });
}

/** Returns the error for an exec that the engine did not start. The model has not seen the message. */
function unopened(address: string, cause: unknown): TransportError {
  if (statusOf(cause) === undefined) {
    const message = `${address} cannot be reached: ${engineMessage(cause)}`;
    return new TransportError('TRANSPORT_UNREACHABLE', message, { address }, { cause });
  }
  const message = `nothing listens at ${address}: ${engineMessage(cause)}`;
  return new TransportError('TRANSPORT_REFUSED', message, { address }, { cause });
}
