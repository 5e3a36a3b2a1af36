// Two ends of one connection that nobody else can come between: what a program gets in other languages by socketpair(2), which
// Node does not offer. They meet at a socket file in a folder that only this user may enter, and the far end is the
// connection that brings a secret of 32 random bytes. A name outside of such a folder (an abstract one, a port of loopback) can be
// connected to by every user of the machine, and whoever comes first would have the stream.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { connect, createServer, type OnReadOpts, type Server, type Socket } from 'node:net';
import { newLaunchName } from '../leftovers/launch-name.ts';

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
const SECRET_BYTES = 32;
/** How long the two may take to meet: they are ends of one process. */
const MEETING_MS = 10_000;

/** Two connected sockets. */
export interface SocketPair {
  /** Read as it was asked for. */
  readonly near: Socket;
  /** Nothing of it has been read that `near` will ever send. */
  readonly far: Socket;
}

/**
 * @param folder one of this user that nobody else may enter
 * @param onread how the near end is read
 * @throws Error of the system, or that the folder is not this user's alone
 */
export async function socketPair(folder: string, onread: OnReadOpts): Promise<SocketPair> {
  const opened = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const server = createServer();
  try {
    const { uid, mode } = fstatSync(opened);
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0) throw new Error(`${folder} is not this user's alone`);
    // By its descriptor it is this folder for certain, and short enough for a socket's path wherever it is.
    // What is left of it, where this process is killed now, is swept like a launch's folder.
    const path = `/proc/self/fd/${opened}/${newLaunchName()}`;
    server.listen(path);
    await once(server, 'listening');
    return await meet(server, path, onread);
  } finally {
    // The file goes with it, by its path, for which the folder still has to be open.
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
          const said: Buffer | null = socket.read(SECRET_BYTES);
          if (said === null) return;
          if (said.length === SECRET_BYTES && timingSafeEqual(said, secret)) resolve(socket);
          else socket.destroy();
        });
      });
    });
    far.removeAllListeners('readable');
    far.pause();
    came.delete(far);
    // It ends like any other then.
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
