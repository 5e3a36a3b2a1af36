// What a turn's name is to the system. Everywhere it has to be free once the process that took it has ended.
import type { Contender } from './contender.ts';
import type { TurnSocket } from './turn-socket.ts';

/** Who has a name. */
export interface NameHolder {
  /** Where whoever waits for the name connects to. */
  readonly path: string;
  /** His process, where the system tells. */
  readonly pid: number | undefined;
}

export interface TurnName {
  /** Where one of that name is heard of others. */
  pathOf(id: string): string;
  /**
   * Takes the name from nobody, or from `gone`, the path of one who has ended or has given it away.
   * @returns where others ask for it from now on; or who has it, where that is somebody else
   * @throws TransportError TRANSPORT_ADDRESS
   */
  take(own: Contender, gone: string | undefined): Promise<TurnSocket | NameHolder>;
  /** Whether a holder has to let go of it before another can take it. */
  readonly isFreedFirst: boolean;
}
