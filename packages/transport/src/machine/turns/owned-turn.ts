// A turn that this process has: the queue of the contenders that wait for it, and the hand-over to the first of them.
import { connect } from 'node:net';
import type { Contender } from './contender.ts';
import { Queue, type QueuePlace } from './queue.ts';
import type { TurnName } from './turn-name.ts';
import { goLine, MOVED, readAsk, TAKEN, type Waiter } from './turn-protocol.ts';
import type { TurnSocket } from './turn-socket.ts';

/** Milliseconds within which a waiter has to answer that it took the turn. After that the turn is offered to the next one. */
const ANSWER_MS = 20;
/** Milliseconds of the whole hand-over. After that the turn is free, and the first contender that tries gets it. */
const HANDOVER_MS = 100;

export class OwnedTurn {
  readonly #name: TurnName;
  readonly #own: Contender;
  readonly #turnSocket: TurnSocket;
  readonly #queue: Queue;
  #released: Promise<void> | undefined;

  /** @param others the waiters that the previous holder knew of */
  constructor(
    name: TurnName,
    own: Contender,
    turnSocket: TurnSocket,
    others: readonly Waiter[],
    onWanted?: () => void,
  ) {
    this.#name = name;
    this.#own = own;
    this.#turnSocket = turnSocket;
    this.#queue = new Queue(others);
    let isWanted = false;
    const wanted = (): void => {
      if (isWanted || this.#released || this.#queue.isEmpty) return;
      isWanted = true;
      try {
        onWanted?.();
      } catch (error) {
        // The turn is not lost with an error of the user's function, which is called inside of a callback of a socket.
        void Promise.reject(error);
      }
    };
    // `onWanted` is not called before the caller has the turn.
    if (others.length > 0) setImmediate(wanted);
    turnSocket.onLine = (line, socket) => {
      const waiter = readAsk(line);
      if (!waiter) {
        socket.destroy();
        return;
      }
      this.#queue.add(waiter, socket);
      wanted();
    };
    turnSocket.onClose = (socket) => this.#queue.remove(socket);
  }

  release(): Promise<void> {
    this.#released ??= this.#handOver();
    return this.#released;
  }

  async #handOver(): Promise<void> {
    const until = performance.now() + HANDOVER_MS;
    if (this.#queue.isEmpty) await this.#turnSocket.settled();
    let known: ReadonlySet<unknown> = new Set();
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const ms = Math.min(until - performance.now(), ANSWER_MS);
      if (ms <= 0) break;
      if (this.#name.isFreedFirst) this.#turnSocket.close();
      const others = [...this.#queue.all];
      if (!(await this.#offer(next, others, ms))) continue;
      known = new Set(others.map(({ socket }) => socket));
      break;
    }
    this.#turnSocket.close();
    // A waiter that the next holder does not know of gets no `moved`, and tries again at once.
    this.#turnSocket.endConnections((socket) => (known.has(socket) ? MOVED : ''));
  }

  /** Offers the turn to a waiter. Resolves with true if the waiter answers that it took the turn. */
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
      // The waiter does not wait any more, or its process has ended.
      socket.on('close', () => settle(false));
      socket.write(goLine(this.#own.id, others));
    });
  }
}
