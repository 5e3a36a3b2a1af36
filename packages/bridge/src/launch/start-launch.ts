// `launch`: prepares a runtime for a model and starts the model in it. First it removes what hosts that crashed have left behind.
import { quoted } from '../errors/quoted.ts';
import type { Launched } from './launched.ts';
import { abandonedLaunches, folderOf } from './leftovers/folder.ts';
import { newLaunchName } from './leftovers/launch-name.ts';
import { removeFolder } from './leftovers/removal.ts';
import { ReplicaLog } from './log/log.ts';
import { RunningLaunch } from './running-launch.ts';
import type { Program, Runtime } from './runtime.ts';
import { checkSpec } from './spec/check-spec.ts';
import type { LaunchSpec } from './spec/spec.ts';

/**
 * Starts an unmodified model as a plain process (`command`) or as a container (`image`, `build`). Resolves when the model is ready,
 * which is found out without a connection, because a connection would end some models. From then on the model is supervised: it is
 * restarted when it ends, spins, shows no sign of life or no longer listens, and calls wait for it.
 *
 * @throws BridgeError BRIDGE_LAUNCH, as soon as the model has ended, if it does not become ready, with its exit code and its last lines
 *   (`detail.fault`, `detail.lastWords`); BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION for an invalid limit; NpyError if `warmUp`
 *   cannot be encoded; `signal.reason` when aborted
 * @example
 * await using launched = await launch({ command: ['python3', 'ml_model.py'], port: 6000 });
 * await using model = launched.connect();
 * const boxes = await model.call(frame);
 */
export async function launch(given: LaunchSpec): Promise<Launched> {
  const spec = checkSpec(given);
  const runtime = spec.runtime ?? (await runtimeFor(spec.program));
  const ownsRuntime = spec.runtime === undefined;
  const log = new ReplicaLog(0, spec.logBytes);
  const name = newLaunchName();
  let folder: string | undefined;
  try {
    await sweep(runtime, log);
    const signal = spec.signal ?? new AbortController().signal;
    const program = await runtime.prepare(spec.program, log, signal);
    folder = folderOf(name);
    const launched = new RunningLaunch({ launch: name, folder, spec, runtime, ownsRuntime, program, log });
    await launched.start();
    return launched;
  } catch (error) {
    if (ownsRuntime) await runtime[Symbol.asyncDispose]();
    if (folder !== undefined) await removeFolder(folder);
    throw error;
  }
}

/**
 * Resolves with the runtime for a kind of program. Its code is loaded when it is first needed.
 * @throws BridgeError BRIDGE_LAUNCH if the runtime is not available: dockerode is not installed, or no engine answers
 */
async function runtimeFor(program: Program): Promise<Runtime> {
  if (program.kind === 'command') return (await import('./process/process-runtime.ts')).processes();
  return await (await import('./docker/docker-runtime.ts')).dockerRuntime();
}

/** Removes what earlier hosts have left behind. A failure is noted in the log, and the launch goes on. */
async function sweep(runtime: Runtime, log: ReplicaLog): Promise<void> {
  try {
    for (const line of await runtime.sweep()) log.note(`removed ${line}`);
  } catch (error) {
    log.note(`not all leftovers of earlier hosts can be removed: ${quoted(String((error as Error).message))}`);
  }
  for (const abandoned of abandonedLaunches()) {
    const problem = await removeFolder(abandoned.folder);
    if (problem !== undefined) log.note(`the folder of an earlier host cannot be removed: ${quoted(problem)}`);
  }
}
