// Two ends of one connection that no other process can get between: what socketpair(2) gives in other languages, and Node does not
// offer. They connect at a socket file in a folder that only this user may enter, and the far end is the connection that brings a
// secret of 32 random bytes. Every user of the machine could connect to a name outside of such a folder (an abstract one, a port of
// loopback), and the first to do so would have the stream.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { connect, createServer, type OnReadOpts, type Server, type Socket } from 'node:net';
import { newLaunchName } from '../leftovers/launch-name.ts';

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
const SECRET_BYTES = 32;
/** Milliseconds that the two ends may take to connect. They are ends of one process. */
const MEETING_MS = 10_000;

/** Two connected sockets. */
export interface SocketPair {
  /** The end of this process, read as `onread` says. */
  readonly near: Socket;
  /** The other end. No byte that `near` sends after the secret has been read from it. */
  readonly far: Socket;
}

/**
 * Resolves with the two ends.
 * @param folder a folder of this user that no other user may enter
 * @param onread how the near end is read
 * @throws Error of the system; Error if other users may enter the folder
 */
export async function socketPair(folder: string, onread: OnReadOpts): Promise<SocketPair> {
  const opened = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const server = createServer();
  try {
    const { uid, mode } = fstatSync(opened);
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0) throw new Error(`${folder} is not this user's alone`);
    // The descriptor names this very folder, and its path is short enough for a socket wherever the folder is. If this process is
    // killed now, the file that is left is swept like a launch's folder.
    const path = `/proc/self/fd/${opened}/${newLaunchName()}`;
    server.listen(path);
    await once(server, 'listening');
    return await meet(server, path, onread);
  } finally {
    // Closing the server removes the file by its path, for which the folder still has to be open.
    server.close();
    closeSync(opened);
  }
}

async function meet(server: Server, path: string, onread: OnReadOpts): Promise<SocketPair> {
  const secret = randomBytes(SECRET_BYTES);
  const came = new Set<Socket>();
  const near = connect({ path, onread });
  near.write(secret);
  let inTime: NodeJS.Timeout | undefined;
  try {
    const far = await new Promise<Socket>((resolve, reject) => {
      near.on('error', reject);
      inTime = setTimeout(() => reject(new Error('the two ends of a connection do not meet')), MEETING_MS);
      server.on('connection', (socket) => {
        came.add(socket);
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
    came.delete(far);
    // From here on an error ends it like any other socket.
    near.removeAllListeners('error').on('error', () => {});
    return { near, far };
  } catch (error) {
    near.on('error', () => {}).destroy();
    throw error;
  } finally {
    clearTimeout(inTime);
    for (const socket of came) socket.destroy();
  }
}
