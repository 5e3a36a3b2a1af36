// Why a launched model is not there, as values: how it ended, or what it did in place of answering.

/** How an instance came to its end. */
export type Ending =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly signal: string }
  /** The kernel killed it for its memory. */
  | { readonly how: 'out of memory'; readonly memoryBytes: number | undefined }
  /** Nobody can tell: the engine is gone, or somebody else removed it. */
  | { readonly how: 'lost'; readonly reason: string; readonly cause?: unknown };

/** What a launched model was found at. Each is answered by starting it anew. */
export type ModelFault =
  /** Its process has ended. */
  | { readonly kind: 'died'; readonly ending: Ending }
  /** It had a message, or none at all, gave no sign, and used the processor meanwhile. */
  | { readonly kind: 'spin'; readonly forMs: number; readonly cpuShare: number; readonly withMessage: boolean }
  /** It had a message and gave no sign, and did nothing. */
  | { readonly kind: 'silence'; readonly forMs: number; readonly cpuShare: number }
  /** Its reply came in drops, by its lane, and was given up after so many bytes. */
  | { readonly kind: 'drip'; readonly replyBytes: number }
  /** It had no message, and wrote to its log as if it would fill a disk. */
  | { readonly kind: 'flood'; readonly forMs: number; readonly bytesPerSecond: number }
  /** It said that it ends, of an exception or on its own, and its process was still there so long after that. */
  | { readonly kind: 'not ended'; readonly withinMs: number }
  /** It lives, and its port is not listened on any more. */
  | { readonly kind: 'deaf'; readonly forMs: number }
  /** The runtime could not start it; `code` and `reason` are its error's. */
  | { readonly kind: 'not started'; readonly code: string | undefined; readonly reason: string }
  /** It was started, and did not become ready in time. */
  | { readonly kind: 'not ready'; readonly withinMs: number; readonly waitedFor: string };
