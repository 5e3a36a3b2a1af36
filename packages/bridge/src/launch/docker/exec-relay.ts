// A carrier to a port inside of a container, through `docker exec`: for a model that listens on its container's loopback
// address alone. It needs a Python in the image, no network, and nothing of the machine but the engine's API, so that it
// also works where the engine is elsewhere. What runs in there is exec-relay/relay.py.
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { type Carrier, openCarrier } from '@bridge/transport';
import type { SocketOptions } from '@bridge/transport/tcp';
import type Docker from 'dockerode';
import { ExecChannel } from './exec-channel.ts';

const RELAY = new URL('../../../exec-relay/relay.py', import.meta.url);

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
  options: SocketOptions,
): Promise<Carrier> {
  const address = `${host}:${port} in container ${container.id.slice(0, 12)}`;
  const script = readFileSync(RELAY, 'utf8');
  const open = async (): Promise<ExecChannel> => {
    const exec = await container.exec({
      // Isolated: the model's own PYTHONPATH is none of its business.
      Cmd: ['python3', '-IS', '-c', script, host, String(port)],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const channel = new ExecChannel(address, (await exec.start({ hijack: true, stdin: true })) as Duplex, options);
    await channel.ready;
    return channel;
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
