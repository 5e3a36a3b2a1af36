// A TCP port for a listener whose port has to be known before it listens.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Resolves to a port of 127.0.0.1 on which nothing listens now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
