// A TCP port for a listener whose port has to be known before it listens.
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux gives to connections and to listeners that ask for any port: nobody is given one of these. */
const FIRST = 20_000;
const COUNT = 12_000;
/** Each process begins elsewhere, so that processes that run at once are not told the same port. */
let next = (process.pid * 101) % COUNT;

/** Resolves to a port of 127.0.0.1 on which nothing listens now. This process is not told it again soon. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = FIRST + next;
    next = (next + 1) % COUNT;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${FIRST} to ${FIRST + COUNT - 1} is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}
