// What the law is told and what it answers: plain values, so that a test can make them up and a log can keep them.

/** What the caller allows where a message was not answered: see `Retry`. */
export type Resend = 'never' | 'unseen' | 'idempotent';

/** What became of an exchange that failed. */
export type Failure =
  /** The peer provably received nothing. */
  | 'unseen'
  /** The connection was lost: the peer may have received the message, or died of it. */
  | 'lost'
  /** The peer answered, with what is no reply. */
  | 'bad'
  /** Nothing was sent: the message turned out to be none at the last moment. */
  | 'unsent';

/** What happens. A call is named by a number that grows; a replica by its place, a slot is one message under way there. */
export type LawEvent =
  /** Somebody has a whole message in memory. */
  | { readonly type: 'call'; readonly id: number; readonly resend: Resend }
  /** Its caller does not wait any more (abort, timeout). */
  | { readonly type: 'give up'; readonly id: number; readonly reason: unknown }
  /** How far its exchange is. */
  | { readonly type: 'step'; readonly id: number; readonly step: 'connected' | 'sent' | 'reading' }
  | { readonly type: 'replied'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly how: Failure; readonly error: unknown }
  /** The machine's turn at a slot was got, … */
  | { readonly type: 'granted'; readonly replica: number; readonly slot: number }
  /** … is wanted by somebody else, … */
  | { readonly type: 'wanted'; readonly replica: number; readonly slot: number }
  /** … goes from hand to hand while it is waited for, … */
  | { readonly type: 'moved'; readonly replica: number; readonly slot: number; readonly holder: TurnHolder }
  /** … or cannot be had on this machine. */
  | { readonly type: 'denied'; readonly replica: number; readonly slot: number; readonly error: unknown }
  /** The kernel says that the replica's port is listened on. */
  | { readonly type: 'listening'; readonly replica: number }
  /** A replica that was not there before, in a place that nobody has. It is held until it is admitted. */
  | { readonly type: 'join'; readonly replica: number }
  /** Its supervisor is about to start it anew: it is given nothing, and calls wait for it. */
  | { readonly type: 'hold'; readonly replica: number }
  /** It was started anew, whatever it was before. */
  | { readonly type: 'admit'; readonly replica: number }
  /** It will not come back, for this reason; without one it was not wanted any more. */
  | { readonly type: 'quit'; readonly replica: number; readonly error: unknown }
  /** Time has passed. */
  | { readonly type: 'tick' }
  /** No more calls; what was begun is finished. */
  | { readonly type: 'close' };

/** Who has the machine's turn. */
export interface TurnHolder {
  /** The number of his process, where the system tells. */
  readonly pid: number | undefined;
  /** Whether that is this process: another model object has it. */
  readonly isHere: boolean;
}

/** What a call waited for that was not begun. */
export interface WaitReason {
  /**
   * `given up`: the model is at a call whose caller does not wait any more, and which is finished all the same; `turn`: somebody
   * else has the machine's turn; `down`: the model cannot be reached; `held`: it is being started; `busy`: it is at other calls.
   */
  readonly by: 'given up' | 'turn' | 'down' | 'held' | 'busy';
  readonly replica: number;
  readonly holder: TurnHolder | undefined;
}

/** RejectReason a call is rejected. */
export type RejectReason =
  /** `waitReason`: what it waited for, where it was not begun. */
  | {
      readonly kind: 'given up';
      readonly reason: unknown;
      readonly begun: boolean;
      readonly waitReason?: WaitReason | undefined;
    }
  | { readonly kind: 'closed' }
  | { readonly kind: 'queue full'; readonly limit: number }
  /** Its own exchange failed. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** It never had one: every replica is gone, the last one for this reason. */
  | { readonly kind: 'gone'; readonly replica: number; readonly error: unknown; readonly againMs: number }
  | { readonly kind: 'wedged'; readonly replica: number; readonly silentMs: number; readonly begun: boolean }
  /** It never had one: somebody else has had the turn of every replica for so long. */
  | {
      readonly kind: 'taken';
      readonly replica: number;
      readonly heldMs: number;
      readonly holder: TurnHolder | undefined;
    };

/** What is to be done. */
export type LawEffect =
  /** Open a connection for the call's message and send it. The only effect that lets anything reach a model. */
  | { readonly type: 'begin'; readonly id: number; readonly replica: number; readonly slot: number }
  /** Give the reply to the caller. */
  | { readonly type: 'answer'; readonly id: number }
  | { readonly type: 'reject'; readonly id: number; readonly why: RejectReason }
  /** Get the machine's turn at a slot; think better of it; hand it on. */
  | { readonly type: 'ask' | 'withdraw' | 'release'; readonly replica: number; readonly slot: number }
  /** The replica went out of use, or came back. For whoever watches. */
  | { readonly type: 'health'; readonly replica: number; readonly health: Health; readonly error?: unknown }
  /** After 'hold' or 'quit': nothing of ours is under way there any more. */
  | { readonly type: 'idle'; readonly replica: number }
  /** After 'close': nothing is under way any more that will end. */
  | { readonly type: 'closed' };

/**
 * `up`: takes messages. `down`: cannot be reached. `wedged`: has a message and is silent. `taken`: another process, or another
 * model object, has had its turn for as long, and does not hand it on. Where somebody supervises it also
 * `held`: is given nothing, until it was started anew; `gone`: will not come back.
 */
export type Health = 'up' | 'down' | 'wedged' | 'taken' | 'held' | 'gone';

/** What the law goes by. */
export interface LawOptions {
  readonly replicas: number;
  /** Messages under way at each replica: one in its hands and, with 2, one in its backlog. */
  readonly inFlight: number;
  /** Calls that may wait. */
  readonly queueLimit: number;
  /** Silence after which a replica that has a message counts as wedged, and a turn that does not move as taken. */
  readonly wedgedMs: number;
  /** How long calls wait for a model that cannot be reached, from the moment in which it could not. */
  readonly retryMs: number;
  /** Whether the slots of a replica are shared with other processes, and have to be asked for. */
  readonly shared: boolean;
  /**
   * Whether somebody starts replicas anew that are down or wedged, and says so (`hold`, `admit`, `quit`). Calls wait then,
   * however long that takes, until the last one has quit.
   */
  readonly supervised: boolean;
  /** How long a turn is kept for nothing, milliseconds. */
  readonly idleMs: number;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
}
