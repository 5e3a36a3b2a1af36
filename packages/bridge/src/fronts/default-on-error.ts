// The default `onError` of `serve` and `relay`: prints each failure as one line, and no more than a few lines a second, so that a flood of
// callers does not become a flood of output.
import { isNpyError } from '@bridge/npy';
import { describeValue, isTransportError } from '@bridge/transport';
import { isBridgeError } from '../errors/bridge-error.ts';
import { bounded, quoted } from '../errors/quoted.ts';
import { platform } from '../platform/platform.ts';
import type { OnError } from '../targets/scheme.ts';

const MOST_LINES = 20;
const SPAN_MS = 1000;
/** The most characters of a message. Messages of this repository's packages are short; those of other errors may have any length. */
const MOST_CHARACTERS = 4096;

/** Returns an `onError` that prints a line for each of the first MOST_LINES failures in a second, and the number of the others. */
export function printFailures(print: (line: string) => void): OnError {
  let began = Number.NEGATIVE_INFINITY;
  let lines = 0;
  return (error, peer) => {
    const now = platform.performance.now();
    if (now - began >= SPAN_MS) {
      if (lines > MOST_LINES) print(`and ${lines - MOST_LINES} more in that second`);
      began = now;
      lines = 0;
    }
    if (++lines <= MOST_LINES) print(`${quoted(peer)}: ${failureText(error)}`);
  };
}

/**
 * Returns the text of an error, with control characters escaped: code and message if the error has a code, else the stack, because such an
 * error is a mistake in a program. A string is returned as it is, and any other value that is no error is described.
 */
export function failureText(error: unknown): string {
  if (isTransportError(error) || isBridgeError(error) || isNpyError(error)) {
    return quoted(`${error.code}: ${error.message}`, MOST_CHARACTERS);
  }
  const { code, message, syscall } = Object(error) as { code?: unknown; message?: unknown; syscall?: unknown };
  // An error of the system: its message begins with its code if it is about a file, and otherwise it has the name of the system call.
  if (typeof code === 'string') {
    if (String(message).startsWith(code)) return quoted(String(message), MOST_CHARACTERS);
    if (typeof syscall === 'string') return quoted(`${code}: ${String(message)}`, MOST_CHARACTERS);
  }
  if (error instanceof Error) return bounded(error.stack ?? String(error), MOST_CHARACTERS);
  return bounded(typeof error === 'string' ? error : describeValue(error), MOST_CHARACTERS);
}
