// Types for the globals that every JavaScript runtime has, and that TypeScript's ECMAScript library does not declare. The part of this
// package that does not need Node uses no other globals.
import type { PlatformSignal } from './carrier.ts';

interface RuntimeGlobals {
  AbortController: { new (): AbortHandle };
  performance: { now(): number };
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  /** Node and Bun have it; browsers do not. */
  setImmediate?(run: () => void): unknown;
  clearImmediate?(immediate: unknown): void;
}

/** The part of AbortController that this package uses. */
export interface AbortHandle {
  readonly signal: PlatformSignal;
  abort(reason?: unknown): void;
}

export const platform: RuntimeGlobals = globalThis as unknown as RuntimeGlobals;

/** Lets the process end while `timer` is set, in runtimes in which a timer keeps the process alive. */
export function unrefTimer(timer: unknown): void {
  (timer as { unref?(): void }).unref?.();
}

/** Calls `run` once the event loop has read the sockets that are ready. A runtime without `setImmediate` calls it by a timer. */
export function soon(run: () => void): void {
  if (platform.setImmediate) platform.setImmediate(run);
  else platform.setTimeout(run, 0);
}
