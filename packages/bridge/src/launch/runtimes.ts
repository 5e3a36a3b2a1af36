// The runtime that each kind of program needs. It is loaded when it is first asked for.
import type { Program, Runtime } from './runtime.ts';

/** @throws BridgeError BRIDGE_LAUNCH if the runtime is not available: Docker's client is not installed, or no engine answers */
export async function runtimeFor(program: Program): Promise<Runtime> {
  if (program.kind === 'command') return (await import('./process/process-runtime.ts')).processes();
  return await (await import('./docker/docker-runtime.ts')).dockerRuntime();
}
