// The contract of a turn's name, which one contender at a time can take. The system frees it when the contender's process ends.
import type { Contender } from './contender.ts';
import type { TurnSocket } from './turn-socket.ts';

/** The contender that has the name, and so the turn. */
export interface NameHolder {
  /** The path of its socket, to which contenders that wait connect. */
  readonly path: string;
  /** The id of its process, if that is known. */
  readonly pid: number | undefined;
}

/** The name of a turn. Its two kinds are links in a folder of the user (UserLinks) and names of the system (BoundName). */
export interface TurnName {
  /** Returns the path of the socket of the contender with this id. */
  pathOf(id: string): string;
  /**
   * Takes the name if it is free, or its holder's path is `gone`: that holder has ended, or has handed the turn over.
   * @returns the socket to which other contenders connect from now on; or the holder, if another contender has the name
   * @throws TransportError TRANSPORT_ADDRESS
   */
  take(own: Contender, gone: string | undefined): Promise<TurnSocket | NameHolder>;
  /** True if the holder has to free the name before another contender can take it. */
  readonly isFreedFirst: boolean;
}
