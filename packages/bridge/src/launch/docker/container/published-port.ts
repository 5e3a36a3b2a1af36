// A port of a container that the engine publishes on this machine's loopback address, and the check that it is still the
// container's. When the container ends, any program may take the port, and would be sent the next message. So the sockets that
// listen there are remembered from a moment at which the engine says that the container runs. They are known by their numbers,
// which no other socket ever has.
import { readFileSync } from 'node:fs';
import { type Carrier, isTransportError, TransportError } from '@bridge/transport';
import { tcpPlace } from '../../process/place.ts';

/** The address at which ports are published. */
const HOST = '127.0.0.1';
/** The sockets that listen at the published port; none if the engine publishes ports by a packet filter alone. */
type Sockets = readonly { readonly inode: string; readonly uid: number | undefined }[];
/** Returns undefined on systems that do not tell which sockets listen. */
type Look = (port: number) => Sockets | undefined;

/** Returns the sockets that a connection to a port of loopback may reach. */
function listenersAt(port: number): Sockets | undefined {
  const { tables, listenersIn, ownerIn } = tcpPlace(port);
  try {
    // A kernel without IPv6 has no table of it.
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
   * @param publishes asks the engine whether the container runs, and publishes this port
   * @param lives returns false once the container is known to have ended
   * @param look replaced for systems that do not tell which sockets listen
   */
  constructor(port: number, publishes: () => Promise<boolean>, lives: () => boolean, look: Look = listenersAt) {
    this.#port = port;
    this.#publishes = publishes;
    this.#lives = lives;
    this.#look = look;
  }

  /**
   * Asks the engine, and remembers the sockets: they were there before and after it said that the container runs, and belong to the
   * engine's user or to this one.
   * @returns true if the port is the container's
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

  /** Returns true if the peer of a connection to the port is the container: the `isPeer` of `tcp`. */
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

  /** Returns a carrier to the port that sends no message to a stranger. */
  guard(carrier: Carrier): Carrier {
    return {
      ...carrier,
      exchange: async (request, options) => {
        // This system does not tell which sockets listen. At least the container has to run.
        if (this.#known === undefined && !(await this.confirm())) throw ended(this.#port);
        try {
          return await carrier.exchange(request, options);
        } catch (error) {
          // If the engine was restarted while its containers went on, it has other sockets. They are remembered for the next
          // attempt.
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

/** An engine runs as root, or as this user. */
function mayBeTheEngines({ uid }: Sockets[number]): boolean {
  return uid === 0 || uid === process.getuid?.();
}

function ended(port: number): TransportError {
  const address = `tcp://${HOST}:${port}`;
  const message = `${address} is not the container's any more: nothing was sent`;
  return new TransportError('TRANSPORT_REFUSED', message, { address, stranger: true });
}
