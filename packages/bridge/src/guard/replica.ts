// A replica, which is what stands behind a guard: something that carries messages to one model, and what is known of that model.
import type { Carrier, Signal } from '@bridge/transport';
import type { CodecPair } from '../codecs/codec.ts';
import type { TurnHolder } from './events.ts';

/** The machine's turn at one slot of a model. */
export interface ModelTurn {
  release(): Promise<void>;
}

/** What a guard may assume of a replica. Where nothing better is known, that is the seed's server. */
export interface Assumptions {
  /** Messages that may be under way there at once. The seed's server: 2, one in its hands and one whole in its backlog. */
  readonly maxInFlight: number;
  /** Whether a connection is kept between messages, and the turn with it. The seed's server: false. */
  readonly keepsConnection: boolean;
  /** The largest message that the way there can carry, in bytes. The seed's server: what ten digits can say. */
  readonly maxMessageBytes: number;
}

/** The seed's server, reached by whatever carrier. */
export const SEED_SERVER: Assumptions = {
  maxInFlight: 2,
  keepsConnection: false,
  maxMessageBytes: Number.POSITIVE_INFINITY,
};

export interface Replica {
  /** The replica's name in messages: its address, where it has one. */
  readonly target: string;
  readonly carrier: Carrier;
  /** Default: the seed's server. */
  readonly assumes?: Assumptions;
  /** The codecs of its messages, where the way there tells: a dialect has some. */
  readonly codec?: CodecPair;
  /** Takes turns with the other processes of this machine. Without it there are no turns. */
  readonly takeTurn?: (
    slot: number,
    onWanted: () => void,
    signal: Signal,
    onHolder: (holder: TurnHolder) => void,
  ) => Promise<ModelTurn>;
  /** The last lines that the model wrote, where somebody reads them: for the error of a message on which it fell silent. */
  readonly lastWords?: () => readonly string[];
  /** Resolves with whether its port is listened on, as the kernel tells; with undefined where nobody knows. Never connects. */
  readonly listening?: () => Promise<boolean | undefined>;
  /**
   * Returns the error of a message in the words of its caller: bytes that are no reply become BRIDGE_BAD_REPLY, and a guess is added
   * where the model seems to speak something else.
   * @param head the first bytes of the reply, where some came
   * @param hasAnswered whether a reply of the model was good before
   */
  readonly explain?: (error: unknown, head: Uint8Array | undefined, hasAnswered: boolean) => unknown;
}
