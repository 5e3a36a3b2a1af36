// Which kind of runtime a program needs. Each is loaded when it is first asked for.
import type { Program, Runtime } from './runtime.ts';

/** @throws BridgeError BRIDGE_LAUNCH where it cannot be had: Docker's client is not installed, no engine answers */
export async function runtimeFor(program: Program): Promise<Runtime> {
  if (program.kind === 'command') return (await import('./process/process-runtime.ts')).processes();
  return await (await import('./docker/docker-runtime.ts')).dockerRuntime();
}
