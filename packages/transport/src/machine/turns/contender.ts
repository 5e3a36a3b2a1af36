// One who asks for a turn: what it is called, since when it asks, and the socket on which it hears of others.
import { statSync } from 'node:fs';
import type { Waiter } from './turn-protocol.ts';
import { TurnSocket, turnError } from './turn-socket.ts';

export class Contender implements Waiter {
  /** No other of this machine is called so: `4711.2k8v0zq1a5c`, with the process in front. */
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
   * The socket, opened when it is first needed.
   * @throws TransportError TRANSPORT_ADDRESS
   */
  station(): Promise<TurnSocket> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /**
   * The same, at its file: somebody may have removed that since, and whoever is led to a file that is not there takes the turn.
   * @throws TransportError TRANSPORT_ADDRESS
   */
  async stationAtFile(): Promise<TurnSocket> {
    const station = await this.station();
    try {
      if (statSync(this.path, { throwIfNoEntry: false })) return station;
    } catch (error) {
      throw turnError(this.path, error);
    }
    // Closing removes what is at the path by then.
    station.close();
    this.#opening = this.#open();
    return await this.#opening;
  }

  async #open(): Promise<TurnSocket> {
    const station = await TurnSocket.open(this.path);
    if (station) return station;
    throw turnError(this.path, new Error('its name is taken'));
  }

  /** Nothing is to be heard there any more. */
  async close(): Promise<void> {
    (await this.#opening?.catch(() => undefined))?.close();
  }
}
