// A contender is one call of `takeTurn`: its id, the time since which it waits, and the socket to which other contenders connect.
import { statSync } from 'node:fs';
import type { Waiter } from './turn-protocol.ts';
import { TurnSocket, turnError } from './turn-socket.ts';

export class Contender implements Waiter {
  /** The id, unique on this machine: the process's id and the time since which it waits, as in `4711.2k8v0zq1a5c`. */
  readonly id: string;
  readonly since: bigint;
  readonly path: string;
  #opening: Promise<TurnSocket> | undefined;

  constructor(pathOf: (id: string) => string) {
    this.since = process.hrtime.bigint();
    this.id = `${process.pid}.${this.since.toString(36)}`;
    this.path = pathOf(this.id);
  }

  /**
   * Resolves with the socket, which is opened when it is first needed.
   * @throws TransportError TRANSPORT_ADDRESS
   */
  socket(): Promise<TurnSocket> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /**
   * Resolves with the socket, after a check that its file still exists; otherwise a new one is opened. Without the file, other contenders
   * would think that this one has ended, and take the turn.
   * @throws TransportError TRANSPORT_ADDRESS
   */
  async socketAtFile(): Promise<TurnSocket> {
    const turnSocket = await this.socket();
    try {
      if (statSync(this.path, { throwIfNoEntry: false })) return turnSocket;
    } catch (error) {
      throw turnError(this.path, error);
    }
    // This comes before `open`, because closing removes the file that is at the path at that time.
    turnSocket.close();
    this.#opening = this.#open();
    return await this.#opening;
  }

  async #open(): Promise<TurnSocket> {
    const turnSocket = await TurnSocket.open(this.path);
    if (turnSocket) return turnSocket;
    throw turnError(this.path, new Error('the name is taken'));
  }

  /** Closes the socket. */
  async close(): Promise<void> {
    (await this.#opening?.catch(() => undefined))?.close();
  }
}
