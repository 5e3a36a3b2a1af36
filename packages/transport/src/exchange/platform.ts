// The globals that every JavaScript runtime has and that the ECMAScript library does not type. The portable part of this package uses
// nothing else of a runtime.
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

/** The part of AbortController that is used here. */
export interface AbortHandle {
  readonly signal: PlatformSignal;
  abort(reason?: unknown): void;
}

export const platform: RuntimeGlobals = globalThis as unknown as RuntimeGlobals;

/** Lets the process end although `timer` is set, in runtimes in which a timer keeps it alive. */
export function unrefTimer(timer: unknown): void {
  (timer as { unref?(): void }).unref?.();
}

/** Runs `run` once the sockets that are ready have been read, or as soon as a runtime without immediates can. */
export function soon(run: () => void): void {
  if (platform.setImmediate) platform.setImmediate(run);
  else platform.setTimeout(run, 0);
}
