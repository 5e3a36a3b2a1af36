// Names that the system itself keeps: a pipe of Windows, an abstract socket of Linux. Whoever binds one has the turn, and
// the system takes it back when he ends. Any user of the machine can bind and connect to them.
import type { Own } from './own.ts';
import { plainName } from './plain-name.ts';
import { Station } from './station.ts';
import type { Holder, TurnName } from './turn-name.ts';

export class BoundName implements TurnName {
  readonly isFreedFirst = true;
  readonly #path: string;

  constructor(name: string) {
    this.#path = this.pathOf(plainName(name));
  }

  pathOf(id: string): string {
    return process.platform === 'win32' ? `\\\\.\\pipe\\npbridge-${id}` : `\0npbridge/${id}`;
  }

  async take(own: Own): Promise<Station | Holder> {
    const station = await Station.open(this.#path);
    if (!station) return { path: this.#path, pid: undefined };
    await own.close();
    return station;
  }
}
