// The faults for which a launched model is restarted: the way in which it ended, or what it did instead of answering.

/** The way in which a model's process or container ended. */
export type Ending =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly signal: string }
  /** The kernel killed it because memory ran out. */
  | { readonly how: 'out of memory'; readonly memoryBytes: number | undefined }
  /** Nothing is known of the ending: the Docker Engine is gone, or another program removed the container. */
  | { readonly how: 'lost'; readonly reason: string; readonly cause?: unknown };

/** A fault of a launched model. Each leads to a restart. */
export type ModelFault =
  /** The process or the container has ended. */
  | { readonly kind: 'died'; readonly ending: Ending }
  /** With a message or without, the model showed no sign of life and used the processor. */
  | { readonly kind: 'spin'; readonly forMs: number; readonly cpuShare: number; readonly withMessage: boolean }
  /** The model had a message, showed no sign of life, and did not use the processor. */
  | { readonly kind: 'silence'; readonly forMs: number; readonly cpuShare: number }
  /** The model's reply arrived too slowly: the lane (the fast path to a Python model) stopped reading it after `replyBytes` bytes. */
  | { readonly kind: 'drip'; readonly replyBytes: number }
  /** The model had no message, and wrote so much to its log that it would fill a disk. */
  | { readonly kind: 'flood'; readonly forMs: number; readonly bytesPerSecond: number }
  /** The model announced its end, by an exception or an exit, and its process was still running `withinMs` later. */
  | { readonly kind: 'not ended'; readonly withinMs: number }
  /** The model is running, and no longer listens on its port. */
  | { readonly kind: 'deaf'; readonly forMs: number }
  /** The runtime could not start the model; `code` and `reason` come from its error. */
  | { readonly kind: 'not started'; readonly code: string | undefined; readonly reason: string }
  /** The model was started, and did not become ready in time. */
  | { readonly kind: 'not ready'; readonly withinMs: number; readonly waitedFor: string };
