// A caller that asks for a turn: its id, the time since which it asks, and the socket on which it hears of others.
import { statSync } from 'node:fs';
import type { Waiter } from './turn-protocol.ts';
import { TurnSocket, turnError } from './turn-socket.ts';

export class Contender implements Waiter {
  /** No other contender of this machine has this id: `4711.2k8v0zq1a5c`, the process in front. */
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
   * Returns the socket, which is opened when it is first needed.
   * @throws TransportError TRANSPORT_ADDRESS
   */
  station(): Promise<TurnSocket> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /**
   * Returns the socket, and makes sure that its file exists. The file may have been removed since, and a contender that finds no file takes
   * the turn.
   * @throws TransportError TRANSPORT_ADDRESS
   */
  async stationAtFile(): Promise<TurnSocket> {
    const station = await this.station();
    try {
      if (statSync(this.path, { throwIfNoEntry: false })) return station;
    } catch (error) {
      throw turnError(this.path, error);
    }
    // Closing removes the file that is at the path by then.
    station.close();
    this.#opening = this.#open();
    return await this.#opening;
  }

  async #open(): Promise<TurnSocket> {
    const station = await TurnSocket.open(this.path);
    if (station) return station;
    throw turnError(this.path, new Error('the name is taken'));
  }

  /** Closes the socket. */
  async close(): Promise<void> {
    (await this.#opening?.catch(() => undefined))?.close();
  }
}
