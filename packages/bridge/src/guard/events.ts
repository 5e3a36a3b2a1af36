// The input and output of the guard's state machine (guard-state-machine.ts): events go in, and effects, which guard.ts carries out, come out. Both
// are plain values, so that a test can construct them and a log can store them.

/** The condition under which a message that was not answered may be sent again: see `Retry`. */
export type Resend = 'never' | 'unseen' | 'idempotent';

/** The way in which an exchange failed. */
export type Failure =
  /** The peer provably received nothing. */
  | 'unseen'
  /** The connection was lost: the peer may have received the message, or died of it. */
  | 'lost'
  /** The peer answered with an invalid reply. */
  | 'bad'
  /** Nothing was sent, because the message could not be encoded, or is invalid. */
  | 'unsent';

/**
 * An event of the state machine. Calls are numbered in the order in which they are made. A slot is the place of one message in progress at
 * a replica, which has `inFlight` of them, numbered from 0. The machine's turn at a slot is the right to use it: of the user's processes on
 * this machine, one at a time has it.
 */
export type GuardEvent =
  /** A call was made. */
  | { readonly type: 'call'; readonly id: number; readonly resend: Resend }
  /** The caller has aborted, or its timeout has passed. */
  | { readonly type: 'give up'; readonly id: number; readonly reason: unknown }
  /** The exchange has reached this step. */
  | { readonly type: 'step'; readonly id: number; readonly step: 'connected' | 'sent' | 'reading' }
  | { readonly type: 'replied'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly how: Failure; readonly error: unknown }
  /** This guard got the machine's turn at a slot. */
  | { readonly type: 'granted'; readonly replica: number; readonly slot: number }
  /** Another process, or another model object of this one, waits for the turn that this guard has. */
  | { readonly type: 'wanted'; readonly replica: number; readonly slot: number }
  /** The holder of the turn that this guard waits for has become known, or has changed. */
  | { readonly type: 'moved'; readonly replica: number; readonly slot: number; readonly holder: OtherHolder }
  /** The system does not let this process take the turn at a slot. */
  | { readonly type: 'denied'; readonly replica: number; readonly slot: number; readonly error: unknown }
  /** The kernel's tables show that a program listens on the replica's port. */
  | { readonly type: 'listening'; readonly replica: number }
  /** A replica was added, under a new number or that of a replica that is gone. It gets no message before `admit`. */
  | { readonly type: 'join'; readonly replica: number }
  /** The supervisor is about to restart the replica: it gets no message before `admit`, and calls wait for it. */
  | { readonly type: 'hold'; readonly replica: number }
  /** The replica was started and takes messages. Its earlier failures are forgotten. */
  | { readonly type: 'admit'; readonly replica: number }
  /** The replica gets no more messages, for good, because of this error. Undefined: it was removed without an error. */
  | { readonly type: 'quit'; readonly replica: number; readonly error: unknown }
  /** Time has passed: comes at the time that `wakeAt` returned, or earlier. */
  | { readonly type: 'tick' }
  /** The model was closed: it takes no more calls, and messages that were begun are finished. */
  | { readonly type: 'close' };

/** The process that has the machine's turn. */
export interface OtherHolder {
  /** The process's id, if the system tells it. */
  readonly pid: number | undefined;
  /** True if the holder is another model object of this process. */
  readonly isHere: boolean;
}

/** The reason for which a call waited whose message was not begun. */
export interface WaitReason {
  /**
   * `given up`: the model works on a call whose caller has aborted, and which is finished all the same. `turn`: another process has the
   * machine's turn. `down`: the model cannot be reached. `held`: the model is being started. `busy`: the model works on other calls.
   */
  readonly by: 'given up' | 'turn' | 'down' | 'held' | 'busy';
  readonly replica: number;
  readonly holder: OtherHolder | undefined;
}

/** The reason for which a call is rejected. */
export type RejectReason =
  /** The caller has aborted, or its timeout has passed. `waitReason`: the reason for which the call waited, if it was not begun. */
  | {
      readonly kind: 'given up';
      readonly reason: unknown;
      readonly begun: boolean;
      readonly waitReason?: WaitReason | undefined;
    }
  | { readonly kind: 'closed' }
  | { readonly kind: 'queue full'; readonly limit: number }
  /** The call's own exchange failed with this error. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** Nothing was sent for the call: the replica cannot be reached. `againMs`: milliseconds until a message is sent there again. */
  | { readonly kind: 'gone'; readonly replica: number; readonly error: unknown; readonly againMs: number }
  /** The replica has a message and has been silent for `silentMs`. `begun`: the message is that of this call. */
  | { readonly kind: 'wedged'; readonly replica: number; readonly silentMs: number; readonly begun: boolean }
  /** Nothing was sent for the call: another process has had the turn at the replica for `heldMs`. */
  | {
      readonly kind: 'taken';
      readonly replica: number;
      readonly heldMs: number;
      readonly holder: OtherHolder | undefined;
    };

/** An effect: an action that the guard carries out for its state machine. */
export type GuardEffect =
  /** Exchange the call's message with the replica. No other effect sends anything to a model. */
  | { readonly type: 'begin'; readonly id: number; readonly replica: number; readonly slot: number }
  /** Resolve the call with its reply. */
  | { readonly type: 'answer'; readonly id: number }
  | { readonly type: 'reject'; readonly id: number; readonly why: RejectReason }
  /** Ask for the machine's turn at a slot; withdraw the request; release the turn. */
  | { readonly type: 'ask' | 'withdraw' | 'release'; readonly replica: number; readonly slot: number }
  /** Report that the replica's health has changed. */
  | { readonly type: 'health'; readonly replica: number; readonly health: Health; readonly error?: unknown }
  /** After `hold` or `quit`: no message of this model is in progress at the replica any more. */
  | { readonly type: 'idle'; readonly replica: number }
  /** After `close`: all messages are over, except those of wedged replicas. */
  | { readonly type: 'closed' };

/**
 * The health of a replica. `up`: it takes messages. `down`: it cannot be reached. `wedged`: it has had a message and been silent for
 * `wedgedMs`. `taken`: another process, or another model object, has had its turn for as long. With a supervisor also `held`: it gets no
 * message before it was restarted; `gone`: it gets no more messages, for good.
 */
export type Health = 'up' | 'down' | 'wedged' | 'taken' | 'held' | 'gone';

/** Options of the state machine. */
export interface GuardStateOptions {
  readonly replicas: number;
  /** The most messages in progress at each replica: one that it works on and, with 2, one in its backlog. */
  readonly inFlight: number;
  /** The number of calls that may wait. */
  readonly queueLimit: number;
  /** Milliseconds of silence after which a replica that has a message is `wedged`, and one whose turn another process keeps is `taken`. */
  readonly wedgedMs: number;
  /** Milliseconds for which calls wait for a model that cannot be reached, from its first failed connection on. */
  readonly retryMs: number;
  /** True if other processes may call the same replicas. Then each slot has a turn, and only the turn's holder sends a message. */
  readonly shared: boolean;
  /**
   * True if a supervisor restarts replicas that are down or wedged, and reports that by the events `hold`, `admit` and `quit`. Then calls
   * wait until the last replica has quit, however long that takes.
   */
  readonly supervised: boolean;
  /** Milliseconds for which a turn is kept while no call needs it. */
  readonly idleMs: number;
  /** Returns a random number from 0 to 1, for the jitter of pauses. */
  readonly random: () => number;
}
