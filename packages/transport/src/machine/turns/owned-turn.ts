// A turn that is held: the queue of those that wait for it, and the hand-over.
import { connect } from 'node:net';
import type { Contender } from './contender.ts';
import { Queue, type QueuePlace } from './queue.ts';
import type { TurnName } from './turn-name.ts';
import { goLine, MOVED, readAsk, TAKEN, type Waiter } from './turn-protocol.ts';
import type { TurnSocket } from './turn-socket.ts';

/** Milliseconds in which a waiter has to say that it took the turn. After that the next one is told. */
const ANSWER_MS = 20;
/** Milliseconds that the hand-over may take in all. After that the turn is free for the first that comes. */
const HANDOVER_MS = 100;

export class OwnedTurn {
  readonly #name: TurnName;
  readonly #own: Contender;
  readonly #station: TurnSocket;
  readonly #queue: Queue;
  #released: Promise<void> | undefined;

  /** @param others the waiters known to the last holder */
  constructor(name: TurnName, own: Contender, station: TurnSocket, others: readonly Waiter[], onWanted?: () => void) {
    this.#name = name;
    this.#own = own;
    this.#station = station;
    this.#queue = new Queue(others);
    let isWanted = false;
    const wanted = (): void => {
      if (isWanted || this.#released || this.#queue.isEmpty) return;
      isWanted = true;
      onWanted?.();
    };
    // Not before the caller knows that it has the turn.
    if (others.length > 0) setImmediate(wanted);
    station.heard = (line, socket) => {
      const waiter = readAsk(line);
      if (!waiter) {
        socket.destroy();
        return;
      }
      this.#queue.add(waiter, socket);
      wanted();
    };
    station.left = (socket) => this.#queue.remove(socket);
  }

  release(): Promise<void> {
    this.#released ??= this.#handOver();
    return this.#released;
  }

  async #handOver(): Promise<void> {
    const until = performance.now() + HANDOVER_MS;
    if (this.#queue.isEmpty) await this.#station.settled();
    let known: ReadonlySet<unknown> = new Set();
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const ms = Math.min(until - performance.now(), ANSWER_MS);
      if (ms <= 0) break;
      if (this.#name.isFreedFirst) this.#station.close();
      const others = [...this.#queue.all];
      if (!(await this.#offer(next, others, ms))) continue;
      known = new Set(others.map(({ socket }) => socket));
      break;
    }
    this.#station.close();
    // A waiter that came too late to be known to the next holder looks at once.
    this.#station.dismiss((socket) => (known.has(socket) ? MOVED : ''));
  }

  /** Offers the turn to a waiter. Resolves with whether the waiter says that it took the turn. */
  #offer(place: QueuePlace, others: readonly Waiter[], ms: number): Promise<boolean> {
    const socket = place.socket ?? connect(this.#name.pathOf(place.id));
    return new Promise((resolve) => {
      const settle = (isTaken: boolean): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve(isTaken);
      };
      const timer = setTimeout(() => settle(false), ms);
      socket.ref();
      socket.on('error', () => {});
      socket.on('data', (bytes) => settle(String(bytes) === TAKEN));
      // The waiter waits no longer, or has ended.
      socket.on('close', () => settle(false));
      socket.write(goLine(this.#own.id, others));
    });
  }
}
