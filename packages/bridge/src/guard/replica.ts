// What stands behind a guard: something that carries messages to one model, and what the machine knows about it.
import type { Carrier, Signal } from '@bridge/transport';
import type { TurnHolder } from './events.ts';

/** The machine's turn at one slot of a model. */
export interface HeldTurn {
  release(): Promise<void>;
}

export interface Replica {
  /** Its name for messages. */
  readonly target: string;
  readonly carrier: Carrier;
  /** Takes turns with the other processes of this machine. Without it there are none. */
  readonly takeTurn?: (
    slot: number,
    onWanted: () => void,
    signal: Signal,
    onHolder: (holder: TurnHolder) => void,
  ) => Promise<HeldTurn>;
  /** The last that it wrote, where somebody reads it: for the error of a message on which it fell silent. */
  readonly lastWords?: () => readonly string[];
  /** Whether its port is listened on, as the kernel tells; undefined where nobody knows. Never connects. */
  readonly listening?: () => Promise<boolean | undefined>;
}
