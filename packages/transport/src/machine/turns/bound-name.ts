// Turns by the name of a pipe (Windows) or of an abstract socket (Linux). The contender that listens at the name has the turn, and the
// system frees the name when its process ends. Any user of the machine can listen at such a name and connect to it.
import type { Contender } from './contender.ts';
import { pathPart } from './path-part.ts';
import type { NameHolder, TurnName } from './turn-name.ts';
import { TurnSocket } from './turn-socket.ts';

export class BoundName implements TurnName {
  readonly isFreedFirst = true;
  readonly #path: string;

  constructor(name: string) {
    this.#path = this.pathOf(pathPart(name));
  }

  pathOf(id: string): string {
    return process.platform === 'win32' ? `\\\\.\\pipe\\npbridge-${id}` : `\0npbridge/${id}`;
  }

  async take(own: Contender): Promise<TurnSocket | NameHolder> {
    const turnSocket = await TurnSocket.open(this.#path);
    if (!turnSocket) return { path: this.#path, pid: undefined };
    await own.close();
    return turnSocket;
  }
}
