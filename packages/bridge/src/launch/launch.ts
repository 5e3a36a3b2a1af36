// Starts a finished model, keeps it alive and lets it be called.
import { quoted } from '../errors/quoted.ts';
import { type Launched, LaunchedModel } from './launched.ts';
import { abandonedLaunches, folderOf } from './leftovers/folder.ts';
import { newLaunch } from './leftovers/launch-name.ts';
import { removeFolder } from './leftovers/removal.ts';
import { ReplicaLog } from './log/log.ts';
import type { Runtime } from './runtime.ts';
import { runtimeFor } from './runtimes.ts';
import { checkSpec } from './spec/check-spec.ts';
import type { LaunchSpec } from './spec/spec.ts';

/**
 * Starts a model as a plain process (`command`) or as a container (`image`, `build`), with nothing in it changed, and waits until
 * it is ready: without a connection, which would end some. From then on it is watched: when it dies, spins, falls silent or
 * does not listen any more it is started anew, and calls wait for it. What hosts that crashed have left behind is removed first.
 *
 * @throws BridgeError BRIDGE_LAUNCH when it does not become ready, with its exit code and the last that it wrote
 *   (`detail.fault`, `detail.lastWords`), as soon as it has ended; BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION for a limit that
 *   is none; NpyError for a `warmUp` that cannot be encoded; `signal.reason`
 * @example
 * await using launched = await launch({ command: ['python3', 'ml_model.py'], port: 6000 });
 * await using model = launched.connect();
 * const boxes = await model.call(frame);
 */
export async function launch(spec: LaunchSpec): Promise<Launched> {
  const launching = checkSpec(spec);
  const runtime = launching.runtime ?? (await runtimeFor(launching.program));
  const ownsRuntime = launching.runtime === undefined;
  const log = new ReplicaLog(0, launching.logBytes);
  const name = newLaunch();
  let folder: string | undefined;
  try {
    await sweep(runtime, log);
    const signal = launching.signal ?? new AbortController().signal;
    const program = await runtime.prepare(launching.program, log, signal);
    folder = folderOf(name);
    const launched = new LaunchedModel({ launch: name, folder, launching, runtime, ownsRuntime, program, log });
    await launched.start();
    return launched;
  } catch (error) {
    if (ownsRuntime) await runtime[Symbol.asyncDispose]();
    if (folder !== undefined) await removeFolder(folder);
    throw error;
  }
}

/** What others have left is not in the way of this one: whatever of it cannot be removed is a line in the log. */
async function sweep(runtime: Runtime, log: ReplicaLog): Promise<void> {
  try {
    for (const line of await runtime.sweep()) log.note(`removed ${line}`);
  } catch (error) {
    log.note(`what hosts have left behind cannot all be removed: ${quoted(String((error as Error).message))}`);
  }
  for (const abandoned of abandonedLaunches()) {
    const problem = await removeFolder(abandoned.folder);
    if (problem !== undefined) log.note(`what a host has left behind cannot be removed: ${quoted(problem)}`);
  }
}
