// The events that the law (law.ts, the guard's state machine) takes and the effects that it answers. They are plain values, so that a
// test can make them up and a log can keep them.

/** The condition on which a message that was not answered may be sent again: see `Retry`. */
export type Resend = 'never' | 'unseen' | 'idempotent';

/** The way in which an exchange failed. */
export type Failure =
  /** The peer provably received nothing. */
  | 'unseen'
  /** The connection was lost: the peer may have received the message, or died of it. */
  | 'lost'
  /** The peer answered with an invalid reply. */
  | 'bad'
  /** Nothing was sent, because the message turned out to be invalid when it was made. */
  | 'unsent';

/** An event. A call is named by a number that grows, a replica by its number, and a slot is one message under way at a replica. */
export type LawEvent =
  /** A caller has a whole message in memory. */
  | { readonly type: 'call'; readonly id: number; readonly resend: Resend }
  /** The caller does not wait any more (abort, timeout). */
  | { readonly type: 'give up'; readonly id: number; readonly reason: unknown }
  /** The exchange has reached this step. */
  | { readonly type: 'step'; readonly id: number; readonly step: 'connected' | 'sent' | 'reading' }
  | { readonly type: 'replied'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly how: Failure; readonly error: unknown }
  /** This model object got the machine's turn at a slot. */
  | { readonly type: 'granted'; readonly replica: number; readonly slot: number }
  /** Another process or model object wants the turn that this one has. */
  | { readonly type: 'wanted'; readonly replica: number; readonly slot: number }
  /** The holder of the turn that this one waits for has become known, or has changed. */
  | { readonly type: 'moved'; readonly replica: number; readonly slot: number; readonly holder: OtherHolder }
  /** This machine does not let processes take turns there. */
  | { readonly type: 'denied'; readonly replica: number; readonly slot: number; readonly error: unknown }
  /** The kernel says that the replica's port is listened on. */
  | { readonly type: 'listening'; readonly replica: number }
  /** A replica that is new, or takes the number of one that is gone, joins. It is held until it is admitted. */
  | { readonly type: 'join'; readonly replica: number }
  /** The supervisor is about to restart the replica: it is given nothing, and calls wait for it. */
  | { readonly type: 'hold'; readonly replica: number }
  /** The replica was started. Its earlier state does not matter any more. */
  | { readonly type: 'admit'; readonly replica: number }
  /** The replica will not come back, for this reason; undefined: it is not wanted any more. */
  | { readonly type: 'quit'; readonly replica: number; readonly error: unknown }
  /** Time has passed. */
  | { readonly type: 'tick' }
  /** The model is closed: it takes no more calls, and messages that were begun are finished. */
  | { readonly type: 'close' };

/** The process, or the other model object of this process, that has the turn for which calls wait. */
export interface OtherHolder {
  /** The number of its process, if the system tells. */
  readonly pid: number | undefined;
  /** True if it is another model object of this process. */
  readonly isHere: boolean;
}

/** The reason for which a call that was not begun waited. */
export interface WaitReason {
  /**
   * `given up`: the model works on a call whose caller does not wait any more, and which is finished all the same; `turn`: another
   * program has the machine's turn; `down`: the model cannot be reached; `held`: it is being started; `busy`: it works on other
   * calls.
   */
  readonly by: 'given up' | 'turn' | 'down' | 'held' | 'busy';
  readonly replica: number;
  readonly holder: OtherHolder | undefined;
}

/** The reason for which a call is rejected. */
export type RejectReason =
  /** `waitReason`: what it waited for, if it was not begun. */
  | {
      readonly kind: 'given up';
      readonly reason: unknown;
      readonly begun: boolean;
      readonly waitReason?: WaitReason | undefined;
    }
  | { readonly kind: 'closed' }
  | { readonly kind: 'queue full'; readonly limit: number }
  /** The call's own exchange failed. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** The call had no exchange: every replica is gone, the last one for this reason. */
  | { readonly kind: 'gone'; readonly replica: number; readonly error: unknown; readonly againMs: number }
  | { readonly kind: 'wedged'; readonly replica: number; readonly silentMs: number; readonly begun: boolean }
  /** The call had no exchange: another program has had the turn of every replica for so long. */
  | {
      readonly kind: 'taken';
      readonly replica: number;
      readonly heldMs: number;
      readonly holder: OtherHolder | undefined;
    };

/** An effect: something that the guard has to do. */
export type LawEffect =
  /** Open a connection for the call's message and send it. The only effect by which anything reaches a model. */
  | { readonly type: 'begin'; readonly id: number; readonly replica: number; readonly slot: number }
  /** Give the reply to the caller. */
  | { readonly type: 'answer'; readonly id: number }
  | { readonly type: 'reject'; readonly id: number; readonly why: RejectReason }
  /** Ask for the machine's turn at a slot; withdraw the request; release the turn. */
  | { readonly type: 'ask' | 'withdraw' | 'release'; readonly replica: number; readonly slot: number }
  /** The replica went out of use, or came back. */
  | { readonly type: 'health'; readonly replica: number; readonly health: Health; readonly error?: unknown }
  /** After 'hold' or 'quit': no message of this model is under way at the replica any more. */
  | { readonly type: 'idle'; readonly replica: number }
  /** After 'close': all messages that will end have ended. */
  | { readonly type: 'closed' };

/**
 * `up`: takes messages. `down`: cannot be reached. `wedged`: has a message and is silent. `taken`: another process, or another
 * model object, has had its turn for as long, and does not release it. With a supervisor also `held`: is given nothing until it was
 * restarted; `gone`: will not come back.
 */
export type Health = 'up' | 'down' | 'wedged' | 'taken' | 'held' | 'gone';

/** Options of the law. */
export interface LawOptions {
  readonly replicas: number;
  /** Messages under way at each replica: one that it works on and, with 2, one in its backlog. */
  readonly inFlight: number;
  /** The number of calls that may wait. */
  readonly queueLimit: number;
  /** Silence in milliseconds after which a replica that has a message counts as wedged, and a turn that does not move as taken. */
  readonly wedgedMs: number;
  /** Milliseconds for which calls wait for a model that cannot be reached, from the moment in which that was found out. */
  readonly retryMs: number;
  /** True if other processes may call the same replicas. Then each slot has a turn, and only its holder sends a message. */
  readonly shared: boolean;
  /**
   * True if a supervisor restarts replicas that are down or wedged, and says so (`hold`, `admit`, `quit`). Then calls wait until
   * the last one has quit, however long that takes.
   */
  readonly supervised: boolean;
  /** Milliseconds for which a turn is kept without a message. */
  readonly idleMs: number;
  /** Returns a number from 0 to 1, for jitter. */
  readonly random: () => number;
}
