// A port of a container that the engine publishes on this machine's loopback address, and the check that the port is still the
// container's. When the container ends, any program may take the port, and would be sent the next message. So the sockets that listen
// there are remembered when the engine says that the container runs. A socket is identified by its inode number, which no other socket
// ever gets.
import { readFileSync } from 'node:fs';
import { type Carrier, isTransportError, TransportError } from '@bridge/transport';
import { tcpPlace } from '../../process/place.ts';

/** The address on which ports are published. */
const HOST = '127.0.0.1';
/** The sockets that listen on the published port; an empty list if the engine publishes ports by a packet filter alone. */
type Sockets = readonly { readonly inode: string; readonly uid: number | undefined }[];
/** Finds the sockets that listen on a port. Returns undefined on systems that do not tell. */
type Look = (port: number) => Sockets | undefined;

/** Returns the sockets that a connection to a port of loopback may reach. */
function listenersAt(port: number): Sockets | undefined {
  const { tables, listenersIn, ownerIn } = tcpPlace(port);
  try {
    // A kernel without IPv6 has no table for it.
    const [tcp = '', tcp6 = ''] = tables('self').map((path) => {
      try {
        return readFileSync(path, 'latin1');
      } catch (error) {
        if (path.endsWith('6')) return '';
        throw error;
      }
    });
    const there = listenersIn([tcp, tcp6]).filter(({ on, address }) => on === 'any' || address === HOST);
    return there.map(({ inode }) => ({ inode, uid: ownerIn([tcp, tcp6], inode) }));
  } catch {
    return undefined;
  }
}

export class PublishedPort {
  readonly #port: number;
  readonly #publishes: () => Promise<boolean>;
  readonly #lives: () => boolean;
  readonly #look: Look;
  #known: Sockets | undefined;
  #confirming: Promise<boolean> | undefined;

  /**
   * @param publishes asks the engine, and resolves with true if the container runs and the engine publishes this port for it
   * @param lives returns false once the container is known to have ended
   * @param look returns the sockets that listen on the port. Tests replace it to imitate systems that do not tell which sockets listen
   */
  constructor(port: number, publishes: () => Promise<boolean>, lives: () => boolean, look: Look = listenersAt) {
    this.#port = port;
    this.#publishes = publishes;
    this.#lives = lives;
    this.#look = look;
  }

  /**
   * Asks the engine, and remembers the sockets if they listened both before and after the engine's answer, and belong to the engine's
   * user or to this one.
   * @returns a promise of true if the port is the container's
   */
  async confirm(): Promise<boolean> {
    const before = this.#look(this.#port);
    if (!(await this.#publishes())) return false;
    const after = this.#look(this.#port);
    const isOne = before === undefined ? after === undefined : after !== undefined && areSame(before, after);
    if (!isOne || !(after ?? []).every(mayBeTheEngines)) return false;
    this.#known = after;
    return true;
  }

  /** Returns true if the peer of a connection to the port is the container. Passed to `tcp` as `isPeer`. */
  readonly isPeer = (): boolean => {
    if (!this.#lives()) return false;
    const now = this.#look(this.#port);
    return now === undefined || (this.#known !== undefined && areSame(this.#known, now));
  };

  #again(): void {
    this.#confirming ??= this.confirm().finally(() => {
      this.#confirming = undefined;
    });
  }

  /** Returns the carrier with a check that no message is sent to another program. */
  guard(carrier: Carrier): Carrier {
    return {
      ...carrier,
      exchange: async (request, options) => {
        // No sockets are known: this system does not tell which sockets listen. The container has to run at least.
        if (this.#known === undefined && !(await this.confirm())) throw ended(this.#port);
        try {
          return await carrier.exchange(request, options);
        } catch (error) {
          // If the engine was restarted while its containers ran on, it has other sockets. They are confirmed now, for the next
          // message.
          if (isTransportError(error, 'TRANSPORT_REFUSED') && error.detail.stranger && this.#lives()) this.#again();
          throw error;
        }
      },
    };
  }
}

function areSame(some: Sockets, others: Sockets): boolean {
  return some.length === others.length && some.every(({ inode }) => others.some((each) => each.inode === inode));
}

/** Returns true if the socket's user is root or this user, because an engine runs as one of them. */
function mayBeTheEngines({ uid }: Sockets[number]): boolean {
  return uid === 0 || uid === process.getuid?.();
}

function ended(port: number): TransportError {
  const address = `tcp://${HOST}:${port}`;
  const message = `${address} no longer belongs to the container: nothing was sent`;
  return new TransportError('TRANSPORT_REFUSED', message, { address, stranger: true });
}
