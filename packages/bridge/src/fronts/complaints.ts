// Failures as lines of a log: one each, and of a flood only so many a second. A flood of callers must
// not become a flood of output.
import { isNpyError } from '@bridge/npy';
import { isTransportError } from '@bridge/transport';
import { isBridgeError } from '../errors/bridge-error.ts';
import { bounded, quoted } from '../errors/quoted.ts';
import { platform } from '../platform/platform.ts';
import type { OnError } from '../targets/host-options.ts';

const MOST_LINES = 20;
const SPAN_MS = 1000;
/** A message quotes strangers shortly; that of an error from elsewhere may be anything. */
const MOST_CHARACTERS = 4096;

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
    if (++lines <= MOST_LINES) print(`${quoted(peer)}: ${complaint(error)}`);
  };
}

/** Errors with a code say it all in one line; of others, which are somebody's mistake, the stack says where. Fit for a terminal. */
export function complaint(error: unknown): string {
  try {
    return told(error);
  } catch {
    // A handler may throw what throws at whoever looks at it.
    return 'an error that cannot be looked at';
  }
}

function told(error: unknown): string {
  if (isTransportError(error) || isBridgeError(error) || isNpyError(error)) {
    return quoted(`${error.code}: ${error.message}`, MOST_CHARACTERS);
  }
  const { code, message, syscall } = Object(error) as { code?: unknown; message?: unknown; syscall?: unknown };
  // The system's own: its message begins with its code where it is about a file, and elsewhere it names the call.
  if (typeof code === 'string') {
    if (String(message).startsWith(code)) return quoted(String(message), MOST_CHARACTERS);
    if (typeof syscall === 'string') return quoted(`${code}: ${String(message)}`, MOST_CHARACTERS);
  }
  return bounded(error instanceof Error ? (error.stack ?? String(error)) : String(error), MOST_CHARACTERS);
}
