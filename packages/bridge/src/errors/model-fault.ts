// The types of the faults for which a launched model is restarted: the way in which it ended, or what it did in place of answering.

/** The way in which an instance ended. */
export type Ending =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly signal: string }
  /** The kernel killed it because memory ran out. */
  | { readonly how: 'out of memory'; readonly memoryBytes: number | undefined }
  /** The ending is unknown: the engine is gone, or another program removed the container. */
  | { readonly how: 'lost'; readonly reason: string; readonly cause?: unknown };

/** A fault of a launched model. Each leads to a restart. */
export type ModelFault =
  /** The process has ended. */
  | { readonly kind: 'died'; readonly ending: Ending }
  /** The model had a message, or none at all, showed no sign of life, and used the processor meanwhile. */
  | { readonly kind: 'spin'; readonly forMs: number; readonly cpuShare: number; readonly withMessage: boolean }
  /** The model had a message, showed no sign of life, and did nothing. */
  | { readonly kind: 'silence'; readonly forMs: number; readonly cpuShare: number }
  /** The model's reply by its lane came too slowly, and was given up after so many bytes. */
  | { readonly kind: 'drip'; readonly replyBytes: number }
  /** The model had no message, and wrote to its log as if it would fill a disk. */
  | { readonly kind: 'flood'; readonly forMs: number; readonly bytesPerSecond: number }
  /** The model announced its end, by an exception or an exit, and its process was still running so long after that. */
  | { readonly kind: 'not ended'; readonly withinMs: number }
  /** The model lives, and does not listen on its port any more. */
  | { readonly kind: 'deaf'; readonly forMs: number }
  /** The runtime could not start the model; `code` and `reason` come from its error. */
  | { readonly kind: 'not started'; readonly code: string | undefined; readonly reason: string }
  /** The model was started, and did not become ready in time. */
  | { readonly kind: 'not ready'; readonly withinMs: number; readonly waitedFor: string };
