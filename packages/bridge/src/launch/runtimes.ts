// Which kind of runtime a program needs. Each is loaded when it is first asked for.
import { BridgeError } from '../errors.ts';
import type { Program, Runtime } from './runtime.ts';

/** @throws BridgeError BRIDGE_LAUNCH */
export async function runtimeFor(program: Program): Promise<Runtime> {
  if (program.kind === 'command') return (await import('./process/processes.ts')).processes();
  const message = `an ${program.kind === 'build' ? 'image' : program.kind} needs a runtime for containers: give it as \`runtime\``;
  throw new BridgeError('BRIDGE_LAUNCH', message, { kind: program.kind }, { fault: 'caller' });
}
