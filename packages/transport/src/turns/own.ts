// One who asks for a turn: what it is called, since when it asks, and the socket on which it hears of others.

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
    this.#opening ??= Station.open(this.path).then((station) => {
      if (station) return station;
      throw turnError(this.path, new Error('its name is taken'));
    });
    return this.#opening;
  }

  /** Nothing is to be heard there any more. */
  async close(): Promise<void> {
    (await this.#opening?.catch(() => undefined))?.close();
  }
}
