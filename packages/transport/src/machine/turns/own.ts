// One who asks for a turn: what it is called, since when it asks, and the socket on which it hears of others.
import { statSync } from 'node:fs';
import { Station, turnError } from './station.ts';
import type { Waiter } from './words.ts';

export class Own implements Waiter {
  /** No other of this machine is called so: `4711.2k8v0zq1a5c`, with the process in front. */
  readonly id: string;
  readonly since: bigint;
  readonly path: string;
  #opening: Promise<Station> | undefined;

  constructor(pathOf: (id: string) => string) {
    this.since = process.hrtime.bigint();
    this.id = `${process.pid}.${this.since.toString(36)}`;
    this.path = pathOf(this.id);
  }

  /**
   * The socket, opened when it is first needed.
   * @throws TransportError TRANSPORT_ADDRESS
   */
  station(): Promise<Station> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /**
   * The same, at its file: somebody may have removed that since, and whoever is led to a file that is not there takes the turn.
   * @throws TransportError TRANSPORT_ADDRESS
   */
  async stationAtFile(): Promise<Station> {
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

  async #open(): Promise<Station> {
    const station = await Station.open(this.path);
    if (station) return station;
    throw turnError(this.path, new Error('its name is taken'));
  }

  /** Nothing is to be heard there any more. */
  async close(): Promise<void> {
    (await this.#opening?.catch(() => undefined))?.close();
  }
}
