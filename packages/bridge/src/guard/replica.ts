// A replica, as a guard sees it: a carrier of messages to one model, and the facts that are known of that model. The seed's server is the
// Python program that the package was first written for: one message for each connection, behind ten digits of length.
import type { Carrier, Signal } from '@bridge/transport';
import type { OtherHolder } from './events.ts';

/** The machine's turn at one slot of a model. */
export interface ModelTurn {
  release(): Promise<void>;
}

/** Facts that a guard may assume of a replica. Default: those of the seed's server. */
export interface Assumptions {
  /** The most messages in progress at once. The seed's server: 2, one that it works on and one whole in its backlog. */
  readonly maxInFlight: number;
  /** True if the connection is persistent, and the turn is kept with it. The seed's server: false. */
  readonly keepsConnection: boolean;
  /** Bytes of the largest message that can be sent there. The seed's server: the largest number of ten digits. */
  readonly maxMessageBytes: number;
}

/** The facts about the seed's server. */
export const SEED_SERVER: Assumptions = {
  maxInFlight: 2,
  keepsConnection: false,
  maxMessageBytes: 9_999_999_999,
};

export interface Replica {
  /** The replica's name in messages: its address, if it has one. */
  readonly target: string;
  readonly carrier: Carrier;
  /** Default: SEED_SERVER. */
  readonly assumes?: Assumptions;
  /** Resolves with the machine's turn at a slot, once this process has it. If it is missing, the replica has no turns. */
  readonly takeTurn?: (
    slot: number,
    onWanted: () => void,
    signal: Signal,
    onHolder: (holder: OtherHolder) => void,
  ) => Promise<ModelTurn>;
  /** Returns the last lines that the model wrote, for BRIDGE_WEDGED. */
  readonly lastWords?: () => readonly string[];
  /** Resolves with true if a program listens on its port; with undefined if the kernel does not tell. Never connects. */
  readonly listening?: () => Promise<boolean | undefined>;
  /**
   * Returns the error with which a call is rejected after its message failed with `error`. For an invalid reply it is BRIDGE_BAD_REPLY. It
   * has a hint if the model seems to speak another protocol.
   * @param head the first bytes of the reply, if some arrived
   * @param hasAnswered true if an earlier reply of the model was valid
   */
  readonly explain?: (error: unknown, head: Uint8Array | undefined, hasAnswered: boolean) => unknown;
}
