// A replica behind a guard: a carrier of messages to one model, and the facts known about that model.
import type { Carrier, Signal } from '@bridge/transport';
import type { CodecPair } from '../codecs/codec.ts';
import type { OtherHolder } from './events.ts';

/** The machine's turn at one slot of a model. */
export interface ModelTurn {
  release(): Promise<void>;
}

/** Facts that a guard may assume of a replica. Without better knowledge, they are those of the seed's server. */
export interface Assumptions {
  /** Messages that may be under way there at once. The seed's server: 2, one that it works on and one whole in its backlog. */
  readonly maxInFlight: number;
  /** True if a connection is kept between messages, and the turn with it. The seed's server: false. */
  readonly keepsConnection: boolean;
  /** The largest message that the way there can carry, in bytes. The seed's server: what ten digits can say. */
  readonly maxMessageBytes: number;
}

/** The seed's server, reached by any carrier. */
export const SEED_SERVER: Assumptions = {
  maxInFlight: 2,
  keepsConnection: false,
  maxMessageBytes: 9_999_999_999,
};

export interface Replica {
  /** The replica's name in messages: its address, if it has one. */
  readonly target: string;
  readonly carrier: Carrier;
  /** Default: the seed's server. */
  readonly assumes?: Assumptions;
  /** The codecs of its messages, if the way there determines them: those of a dialect. */
  readonly codec?: CodecPair;
  /** Takes turns with the other processes of this machine. Without it there are no turns. */
  readonly takeTurn?: (
    slot: number,
    onWanted: () => void,
    signal: Signal,
    onHolder: (holder: OtherHolder) => void,
  ) => Promise<ModelTurn>;
  /** Returns the last lines that the model wrote, if they are known, for the error of a message on which it fell silent. */
  readonly lastWords?: () => readonly string[];
  /** Resolves with true if the kernel says that its port is listened on; with undefined if that cannot be told. Never connects. */
  readonly listening?: () => Promise<boolean | undefined>;
  /**
   * Returns the error of a message in the words of its caller: an invalid reply becomes BRIDGE_BAD_REPLY, and a guess is added if
   * the model seems to speak another protocol.
   * @param head the first bytes of the reply, if some came
   * @param hasAnswered true if an earlier reply of the model was valid
   */
  readonly explain?: (error: unknown, head: Uint8Array | undefined, hasAnswered: boolean) => unknown;
}
