// Runs models as plain processes of this machine, for machines without Docker. Linux only, because other systems do not tell without a
// connection whether a model listens.
//
// A model leads a session of its own, so that all that it starts can be ended with it. Its environment has a variable that names its
// launch, by which processes that have left the session are found, too. If the host (the program that called `launch`) ends without
// stopping the model, the reaper does so, and the next launch removes what the reaper cannot reach.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.ts';
import { shimEnvironment } from '../../lane/shim-environment.ts';
import { abandonedLaunches, launchesFolder, namesIn } from '../leftovers/folder.ts';
import { isAbandoned, LAUNCH_VARIABLE, startTicks } from '../leftovers/launch-name.ts';
import type { Instance, LogSink, Plan, Program, Runtime } from '../runtime.ts';
import { endAll } from './end.ts';
import { type ListenPlace, tcpPlace, unixPlace } from './place.ts';
import { placeKept, placeTaken } from './place-conflict.ts';
import { ProcessOutput } from './process-output.ts';
import { processesOf, processesWith } from './procfs.ts';
import { Reaper } from './reaper.ts';
import { Spawned } from './spawned.ts';

/** The beginning of the name of a file that records a process. */
const RECORD = 'process-';

/**
 * Returns the runtime of plain processes.
 * @throws BridgeError BRIDGE_LAUNCH on systems other than Linux, and without /proc
 */
export function processes(): Runtime {
  if (process.platform !== 'linux') {
    const message = `plain processes are launched on Linux only, and this is ${process.platform}: launch an image instead`;
    throw new BridgeError('BRIDGE_LAUNCH', message, { platform: process.platform }, { fault: 'environment' });
  }
  if (!existsSync('/proc/self/net/tcp')) {
    const message =
      'plain processes are launched only with /proc mounted, because it tells which process listens on a port: mount /proc, or launch an image instead';
    throw new BridgeError('BRIDGE_LAUNCH', message, {}, { fault: 'environment' });
  }
  return new Processes();
}

class Processes implements Runtime {
  readonly name = 'plain processes';
  readonly #running = new Set<Spawned>();
  readonly #reaper = new Reaper();
  /** Places that the kernel keeps, and on which a model has died for that reason. Another start there could not succeed yet. */
  readonly #kept = new Set<string>();

  async prepare(program: Program): Promise<Program> {
    return program;
  }

  async start(plan: Plan, log: LogSink, signal: AbortSignal): Promise<Instance> {
    signal.throwIfAborted();
    const { program } = plan;
    refuseContainerOptions(plan);
    if (program.kind !== 'command') throw new Error(`a plain process cannot run an ${program.kind}`);
    // If the place is taken, the model would die, and its callers would reach another program.
    const place = plan.path === undefined ? tcpPlace(plan.port) : unixPlace(plan.path, program.cwd ?? process.cwd());
    const taken = await this.#takenOrKept(place);
    if (taken) throw taken;
    this.#kept.delete(place.name);
    const mark = `${plan.launch}.${plan.replica}`;
    const env = { ...process.env, ...plan.env, ...laneEnvironment(plan), [LAUNCH_VARIABLE]: mark };
    const launches = launchesFolder();
    const output = await openOutput(log, launches);
    const child = await startedBy(program.command, program.cwd, env, output);
    // A process that has been started has a number. The default is for the compiler.
    const pid = child.pid ?? 0;
    const record = join(launches, plan.launch, `${RECORD}${pid}`);
    const marked = (): number[] => processesWith(LAUNCH_VARIABLE, (value) => value === mark);
    const onKept = (): void => void this.#kept.add(place.name);
    const spawned = new Spawned({ child, output, pid, place, log, marked, onKept });
    this.#running.add(spawned);
    this.#reaper.watch(pid);
    void spawned.gone.then(() => {
      this.#reaper.unwatch(pid);
      rmSync(record, { force: true });
      this.#running.delete(spawned);
    });
    try {
      writeFileSync(record, String(startTicks(pid)));
    } catch (error) {
      // With this file a later launch finds the process if its host leaves it behind. The reaper and LAUNCH_VARIABLE find it as well.
      log.note(`the file that records ${spawned.name} cannot be written: ${(error as Error).message}`);
    }
    return spawned;
  }

  /**
   * Resolves with an error if another program listens at a place, or if the kernel keeps it.
   * @throws BridgeError BRIDGE_LAUNCH if neither can be found out
   */
  async #takenOrKept(place: ListenPlace): Promise<BridgeError | undefined> {
    try {
      return (await placeTaken(place)) ?? (this.#kept.has(place.name) ? await placeKept(place) : undefined);
    } catch (cause) {
      const message = `the kernel's tables do not show who listens on ${place.name}: ${(cause as Error).message}`;
      throw new BridgeError('BRIDGE_LAUNCH', message, { ...place.detail }, { cause, fault: 'environment' });
    }
  }

  async sweep(): Promise<readonly string[]> {
    const leaders = abandonedLaunches().flatMap(({ folder }) =>
      namesIn(folder).flatMap((name) => {
        const pid = Number(name.startsWith(RECORD) ? name.slice(RECORD.length) : Number.NaN);
        // The number may belong to another process now.
        return Number.isInteger(pid) && startTicks(pid) === Number(textOf(join(folder, name))) ? [pid] : [];
      }),
    );
    const isOrphans = (mark: string): boolean => isAbandoned(mark.split('.')[0] ?? '');
    const orphans = (): number[] => processesWith(LAUNCH_VARIABLE, isOrphans);
    const all = [...new Set([...leaders, ...orphans()])];
    await endAll(leaders, () => [...new Set([...leaders.flatMap(processesOf), ...orphans()])]);
    return all.map((pid) => `process ${pid}, which a host had left behind`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((each) => each.stop({ graceMs: 0 })));
    await this.#reaper.close();
  }
}

/** Opens streams for the model's stdout and stderr. @throws BridgeError BRIDGE_LAUNCH if no sockets can be created */
async function openOutput(log: LogSink, folder: string): Promise<ProcessOutput> {
  const takers = (['stdout', 'stderr'] as const).map((source) => (chunk: Uint8Array) => log.write(source, chunk));
  try {
    return await ProcessOutput.open(takers, folder);
  } catch (cause) {
    const message = `the socket for the model's output could not be created: ${(cause as Error).message}`;
    throw new BridgeError('BRIDGE_LAUNCH', message, {}, { cause, fault: 'environment' });
  }
}

/**
 * Resolves with the process once it has been started.
 * @throws BridgeError BRIDGE_LAUNCH if the program does not exist, or cannot be run in that folder and with these arguments
 */
async function startedBy(
  command: readonly string[],
  cwd: string | undefined,
  env: NodeJS.ProcessEnv,
  output: ProcessOutput,
): Promise<ChildProcess> {
  const [file = '', ...args] = command;
  try {
    // `spawn` throws for invalid arguments. If the system refuses, the child emits an error.
    const child = spawn(file, args, {
      ...(cwd !== undefined && { cwd }),
      env,
      detached: true,
      stdio: ['ignore', ...output.writers],
    });
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    // The system's error does not tell whether the program or the folder is missing.
    const ofFolder = cwd === undefined ? undefined : whyNotEntered(cwd);
    const why = ofFolder ?? reasonOf(file, cause as NodeJS.ErrnoException);
    const message = `${file} cannot be started: ${why}`;
    throw new BridgeError('BRIDGE_LAUNCH', message, { command, cwd }, { cause, fault: 'caller' });
  } finally {
    output.handedOver();
  }
}

/** Returns why no program can be started in a folder; undefined if the folder is not the reason. */
function whyNotEntered(folder: string): string | undefined {
  try {
    if (!statSync(folder).isDirectory()) return `there is no folder ${resolve(folder)}`;
    accessSync(folder, constants.X_OK);
    return undefined;
  } catch (error) {
    const mayNot = (error as NodeJS.ErrnoException).code === 'EACCES';
    return mayNot ? `this user may not enter the folder ${resolve(folder)}` : `there is no folder ${resolve(folder)}`;
  }
}

/** Returns why the system did not start a program. */
function reasonOf(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EACCES') return `${message}: this user may not run it as a program`;
  if (code !== 'ENOENT') return message;
  return file.includes('/')
    ? `${message}: there is no such file, or the interpreter that its first line names is not there`
    : `${message}: no folder of PATH has a program of that name, or the interpreter that its first line names is not there`;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function laneEnvironment({ lane, port, env }: Plan): Record<string, string> {
  if (!lane) return {};
  const pythonPath = env['PYTHONPATH'] ?? process.env['PYTHONPATH'];
  const socket = join(lane.folder, lane.socket);
  return { ...shimEnvironment({ port, socket, lean: lane.lean, pythonPath }) };
}

function refuseContainerOptions({ mounts, memoryBytes, gpus }: Plan): void {
  const names = [mounts.length > 0 && 'mounts', memoryBytes !== undefined && 'memory', gpus !== undefined && 'gpus'];
  const given = names.filter((name) => name !== false);
  if (given.length === 0) return;
  const message = `only containers have the options ${given.join(', ')}: a plain process has this machine's own files, memory and GPUs`;
  throw new BridgeError('BRIDGE_OPTION', message, { names: given });
}
