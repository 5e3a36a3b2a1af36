// Names that the system itself keeps: a pipe of Windows, an abstract socket of Linux. The process that binds one has the turn, and
// the system takes it back when the process ends. Any user of the machine can bind and connect to them.
import type { Contender } from './contender.ts';
import { plainName } from './plain-name.ts';
import type { NameHolder, TurnName } from './turn-name.ts';
import { TurnSocket } from './turn-socket.ts';

export class BoundName implements TurnName {
  readonly isFreedFirst = true;
  readonly #path: string;

  constructor(name: string) {
    this.#path = this.pathOf(plainName(name));
  }

  pathOf(id: string): string {
    return process.platform === 'win32' ? `\\\\.\\pipe\\npbridge-${id}` : `\0npbridge/${id}`;
  }

  async take(own: Contender): Promise<TurnSocket | NameHolder> {
    const station = await TurnSocket.open(this.#path);
    if (!station) return { path: this.#path, pid: undefined };
    await own.close();
    return station;
  }
}
