// What failed, as lines for whoever reads a log: one each, and of a flood only so many a second. A flood of callers must
// not become a flood of output.
import { isNpyError } from '@bridge/npy';
import { isTransportError } from '@bridge/transport';
import { isBridgeError } from './errors.ts';
import type { OnError } from './listen-at.ts';
import { platform } from './platform.ts';

const MOST_LINES = 20;
const SPAN_MS = 1000;

/** Tells `print` of each failure; where there are more than twenty in a second, how many were left out instead. */
export function complaints(print: (line: string) => void): OnError {
  let began = Number.NEGATIVE_INFINITY;
  let lines = 0;
  return (error, peer) => {
    const now = platform.performance.now();
    if (now - began >= SPAN_MS) {
      if (lines > MOST_LINES) print(`and ${lines - MOST_LINES} more in that second`);
      began = now;
      lines = 0;
    }
    if (++lines <= MOST_LINES) print(`${peer}: ${complaint(error)}`);
  };
}

/** Errors with a code say it all in one line; of others, which are somebody's mistake, the stack says where. */
export function complaint(error: unknown): string {
  if (isTransportError(error) || isBridgeError(error) || isNpyError(error)) return `${error.code}: ${error.message}`;
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  // The system's own: its message begins with its code.
  if (typeof code === 'string' && String(message).startsWith(code)) return String(message);
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
