// The contract of runtimes. A runtime is a kind of place where models run: plain processes, Docker. It starts and stops a model and knows
// how to reach it. Launch makes the plans, waits until the model is ready, supervises it and calls it.
import type { ReplyLimits } from '@bridge/transport';
import type { CheckedDialect } from '../dialects/check-dialect.ts';
import type { BridgeError } from '../errors/bridge-error.ts';
import type { Ending } from '../errors/model-fault.ts';
import type { Replica } from '../guard/replica.ts';

/** A program that can be launched. */
export type Program =
  /** A program of this machine. */
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly cwd: string | undefined }
  /** An existing image. `command` replaces its own command. `prepare` sets `exposedPorts`, the TCP ports that it exposes. */
  | {
      readonly kind: 'image';
      readonly image: string;
      readonly command: readonly string[] | undefined;
      readonly exposedPorts?: readonly number[] | undefined;
    }
  /** An image that is built first. */
  | { readonly kind: 'build'; readonly build: BuildSpec; readonly command: readonly string[] | undefined };

/** The way in which an image is built. */
export interface BuildSpec {
  /** The folder whose files the build may use. */
  readonly context: string;
  /** The path of the Dockerfile in the context. Default: `Dockerfile`. */
  readonly dockerfile?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** The stage of the Dockerfile at which the build ends. */
  readonly target?: string;
  /** The image's name. Default: a name made from the context's path. */
  readonly tag?: string;
}

/** A file or folder of this machine that a container can see. */
export interface Mount {
  /** An absolute path of this machine. */
  readonly source: string;
  /** The absolute path at which the model sees the file or folder. */
  readonly target: string;
  /** True (default) if the model may not write to the file or folder. */
  readonly readOnly?: boolean;
}

/** The graphics cards that a model may use: all, so many, or those with these ids. */
export type Gpus = 'all' | number | readonly string[];

/** One replica to start, described in the same way for every runtime. */
export interface Plan {
  /** The launch's name, unique on this machine: lower-case letters and digits. Everything that the launch leaves behind is found by it. */
  readonly launch: string;
  /** The replica's number, from 0. */
  readonly replica: number;
  /** The program that `prepare` returned, which is never a build. */
  readonly program: Program;
  /** The port on which the model listens, in its own network; 0 if it listens on a Unix socket. */
  readonly port: number;
  /** The Unix socket on which the model listens instead: an absolute path, or an abstract name, which begins with @. */
  readonly path?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly memoryBytes: number | undefined;
  readonly gpus: Gpus | undefined;
  /**
   * The lane (the fast path to a Python model). The runtime lets the model see the lane's folder and the shim's folder, and sets the
   * variables of `shimEnvironment`, with the paths that the model sees.
   */
  readonly lane: LanePlan | undefined;
}

export interface LanePlan {
  /** An empty folder of this machine that every user may write to, inside of a folder that only this user may enter. */
  readonly folder: string;
  /** The name of the lane's socket in that folder. */
  readonly socket: 'lane.sock';
  /** True if the model may not keep memory for huge frames. */
  readonly lean: boolean;
}

/** Takes a model's output. A sink takes bounded memory and never waits, because a model whose output is not read stands still. */
export interface LogSink {
  /** Takes bytes as they arrive, so a line may be split anywhere. */
  write(source: 'stdout' | 'stderr', chunk: Uint8Array): void;
  /** Takes a line from launch or the runtime: a decision and its reason. */
  note(text: string): void;
}

/** A kind of place where models run. Its instances have to be stopped before it is disposed. */
export interface Runtime extends AsyncDisposable {
  /** The name for messages: `plain processes`, `Docker 20.10.24`. */
  readonly name: string;
  /**
   * Does what is needed once for all replicas: checks that the image exists, or builds it.
   * @returns a promise of the program for `start`, in which a build is replaced by the image that was built
   * @throws BridgeError BRIDGE_LAUNCH if there is no such image, the build fails, or no engine answers; `signal.reason` when aborted
   */
  prepare(program: Program, log: LogSink, signal: AbortSignal): Promise<Program>;
  /**
   * Starts a replica. Resolves when its instance runs, which does not mean that it is ready.
   * @throws BridgeError BRIDGE_LAUNCH if it cannot be started, for example because its port on this machine is taken
   */
  start(plan: Plan, log: LogSink, signal: AbortSignal): Promise<Instance>;
  /**
   * Removes what hosts of this user that ended without disposing have left behind, and nothing else.
   * @returns a promise of a line for each thing that was removed
   */
  sweep(): Promise<readonly string[]>;
}

/** An instance of a model: a process or container that has been started. */
export interface Instance {
  /** The name for messages: `process 4711`, `container ab12cd34ef56`. */
  readonly name: string;
  /** The number of the model's process on this machine; undefined if this machine does not see the process. */
  readonly pid: number | undefined;
  /** Resolves when the instance has ended and all of its output is in the log. Never rejects. */
  readonly ended: Promise<Ending>;
  /**
   * Resolves with how the model listens on its port, from the kernel's tables in the model's own network namespace; with undefined if it
   * does not listen. Never connects. In the host's network only a socket of the instance's own processes counts. Rejects if the tables
   * cannot be read now, which says nothing about the model.
   */
  listening(): Promise<Listening | undefined>;
  /**
   * Resolves with an error if the model's port on this machine is not free: another program has it, or the kernel keeps it. Called for
   * an instance that ended before it listened, with its last lines of output, or that never listened.
   * @returns a promise of BRIDGE_LAUNCH, with its fault; `detail.reason` is "taken" or "kept" if the next start may wait until the port is
   *   free; undefined if it is free
   */
  portTaken?(lastWords: readonly string[]): Promise<BridgeError | undefined>;
  /** Resolves with the places where the model listens instead of at its port, for messages: `port 6001 of 0.0.0.0`. */
  listensElsewhere?(): Promise<readonly string[]>;
  /**
   * Resolves with the shortest way on which the port can be reached, found without a connection.
   * @throws BridgeError BRIDGE_LAUNCH if the port cannot be reached
   */
  route(listening: Listening, options: RouteOptions): Promise<Route>;
  /** Resolves with the resources that the instance's processes have used; with undefined if they are not known (it has just ended). */
  usage(): Promise<Usage | undefined>;
  /**
   * Ends the instance and all that it started: SIGTERM, and SIGKILL after `graceMs`. When this resolves nothing of it is left: no
   * process, no container, no network. Does no harm if it was called before, or if the instance has ended.
   */
  stop(options: { readonly graceMs: number }): Promise<void>;
}

export type { Ending };

/** The kind of address on which a model listens. */
export interface Listening {
  /** `any`: all of its namespace's addresses; `loopback`: 127.0.0.0/8 or ::1 alone; `address`: one other; `unix`: a Unix socket. */
  readonly on: 'any' | 'loopback' | 'address' | 'unix';
  /** The address as the kernel's table has it: `0.0.0.0`, `127.0.0.1`, `::`; for a Unix socket its path. */
  readonly address: string;
}

/** Options of the way on which messages reach a model. */
export interface RouteOptions {
  readonly dialect: CheckedDialect;
  readonly limits: Partial<ReplyLimits> | undefined;
  /** True if other processes of this machine may call the same model, so that all take turns. */
  readonly shared: boolean;
}

/** A way to a model: a replica for the guard, and a description. The caller of `route` disposes the replica's carrier. */
export interface Route extends Replica {
  /** A description for the log: `the container's own address 172.17.0.2, since it listens on 0.0.0.0`. */
  readonly how: string;
}

/** The resources that an instance has used. */
export interface Usage {
  /** The user and system time of all its processes, in seconds. */
  readonly cpuSeconds: number;
  /** The memory that it uses now, in bytes. */
  readonly memoryBytes: number;
}
