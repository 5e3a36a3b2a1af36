// Two ends of one connection that no other process can get in between: Node lacks what socketpair(2) gives in other languages. The ends
// connect through a socket file in a folder that only this user may enter, and the far end is the connection that sends a secret of 32
// random bytes. With a name outside of such a folder (an abstract one, a port of loopback) every user of the machine could connect, and
// the first to do so would have the stream.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { connect, createServer, type OnReadOpts, type Server, type Socket } from 'node:net';
import { newLaunchName } from '../leftovers/launch-name.ts';

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
const SECRET_BYTES = 32;
/** The limit for the two ends to connect. Both are in this process. */
const MEETING_MS = 10_000;

/** Two connected sockets. */
export interface SocketPair {
  /** The end that this process reads, by `onread`. */
  readonly near: Socket;
  /** The other end. Bytes that `near` sends after the secret have not been read from it. */
  readonly far: Socket;
}

/**
 * Resolves with the two ends.
 * @param folder a folder of this user that no other user may enter
 * @param onread the options for reading the near end
 * @throws the system's error; Error if other users may enter the folder
 */
export async function socketPair(folder: string, onread: OnReadOpts): Promise<SocketPair> {
  const opened = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const server = createServer();
  try {
    const { uid, mode } = fstatSync(opened);
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0)
      throw new Error(`${folder} is not a folder that only this user may enter`);
    // A path through the descriptor leads to this very folder, and is short enough for a socket. If this process is killed now, the next
    // launch removes the socket file like the folder of a launch.
    const path = `/proc/self/fd/${opened}/${newLaunchName()}`;
    server.listen(path);
    await once(server, 'listening');
    return await meet(server, path, onread);
  } finally {
    // Closing the server removes its file by the path, for which the folder still has to be open.
    server.close();
    closeSync(opened);
  }
}

async function meet(server: Server, path: string, onread: OnReadOpts): Promise<SocketPair> {
  const secret = randomBytes(SECRET_BYTES);
  const accepted = new Set<Socket>();
  const near = connect({ path, onread });
  near.write(secret);
  let inTime: NodeJS.Timeout | undefined;
  try {
    const far = await new Promise<Socket>((resolve, reject) => {
      near.on('error', reject);
      inTime = setTimeout(() => reject(new Error('the two ends of a connection did not connect in time')), MEETING_MS);
      server.on('connection', (socket) => {
        accepted.add(socket);
        socket.on('error', () => {});
        socket.on('readable', () => {
          const received: Buffer | null = socket.read(SECRET_BYTES);
          if (received === null) return;
          if (received.length === SECRET_BYTES && timingSafeEqual(received, secret)) resolve(socket);
          else socket.destroy();
        });
      });
    });
    far.removeAllListeners('readable');
    far.pause();
    accepted.delete(far);
    // From now on an error only closes the socket.
    near.removeAllListeners('error').on('error', () => {});
    return { near, far };
  } catch (error) {
    near.on('error', () => {}).destroy();
    throw error;
  } finally {
    clearTimeout(inTime);
    for (const socket of accepted) socket.destroy();
  }
}
