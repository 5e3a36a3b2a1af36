// Finds a free TCP port for a listener whose port a test has to know before it listens.
import { once } from 'node:events';
import { createServer } from 'node:net';

/** The first port of a range below those that Linux chooses itself for connections and for listeners on port 0. */
const FIRST = 20_000;
const COUNT = 12_000;
/** Each process begins at another port, so that processes which run at the same time do not get the same port. */
let next = (process.pid * 101) % COUNT;

/** Resolves with a port of 127.0.0.1 on which nothing listens now. The next calls resolve with other ports. */
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
