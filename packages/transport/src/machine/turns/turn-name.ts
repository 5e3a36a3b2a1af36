// The contract of a turn's name. The system has to free it once the process that took it has ended.
import type { Contender } from './contender.ts';
import type { TurnSocket } from './turn-socket.ts';

/** The contender that has a name. */
export interface NameHolder {
  /** The path that those that wait for the name connect to. */
  readonly path: string;
  /** Its process, if the system tells. */
  readonly pid: number | undefined;
}

export interface TurnName {
  /** Returns the path at which the contender with that id hears of others. */
  pathOf(id: string): string;
  /**
   * Takes the name if it is free, or from `gone`, the path of a holder that has ended or has given it away.
   * @returns the socket at which others ask for it from now on; or the contender that has it
   * @throws TransportError TRANSPORT_ADDRESS
   */
  take(own: Contender, gone: string | undefined): Promise<TurnSocket | NameHolder>;
  /** True if a holder has to let go of the name before another can take it. */
  readonly isFreedFirst: boolean;
}
