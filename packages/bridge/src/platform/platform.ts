// Types for the globals that every runtime has and the ECMAScript library does not type. The portable part of this package uses no others.

import type { Signal } from '@bridge/transport';

interface ParsedUrl {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly username: string;
  readonly password: string;
  readonly search: string;
  readonly hash: string;
}
interface AbortControl {
  readonly signal: Signal;
  abort(reason?: unknown): void;
}
interface Platform {
  AbortController: { new (): AbortControl };
  performance: { now(): number };
  setImmediate?(run: () => void): unknown;
  process?: { getBuiltinModule?(name: string): unknown };
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  TextEncoder: { new (): { encode(text: string): Uint8Array } };
  URL: { new (text: string): ParsedUrl };
  console: { error(...values: unknown[]): void };
}

/** Lets a timer keep the process alive, or not. Does nothing in runtimes whose timers cannot. */
export function keepAlive(timer: unknown, alive: boolean): void {
  const { ref, unref } = timer as { ref?(): void; unref?(): void };
  (alive ? ref : unref)?.call(timer);
}

export const platform = globalThis as unknown as Platform;
