// A runtime is a kind of place where models run: plain processes, Docker. The contract, and no implementation. A runtime starts and
// stops a model and knows how it is reached. Launch plans, waits until the model is ready, supervises it and calls it.
import type { ReplyLimits } from '@bridge/transport';
import type { CheckedDialect } from '../dialects/check-dialect.ts';
import type { BridgeError } from '../errors/bridge-error.ts';
import type { Ending } from '../errors/model-fault.ts';
import type { Replica } from '../guard/replica.ts';

/** A program that can be launched. */
export type Program =
  /** A command of this machine. */
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly cwd: string | undefined }
  /** A finished image; `command` in place of its own. `exposedPorts`: the TCP ports that it exposes, once `prepare` has looked. */
  | {
      readonly kind: 'image';
      readonly image: string;
      readonly command: readonly string[] | undefined;
      readonly exposedPorts?: readonly number[] | undefined;
    }
  /** An image that is built first. */
  | { readonly kind: 'build'; readonly build: BuildSpec; readonly command: readonly string[] | undefined };

/** Instructions for building an image. */
export interface BuildSpec {
  /** The folder that the build may read. */
  readonly context: string;
  /** A path inside of the context. Default: `Dockerfile`. */
  readonly dockerfile?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** A stage of the Dockerfile. */
  readonly target?: string;
  /** The image's name. Default: a name made from the context's path. */
  readonly tag?: string;
}

/** A file or folder of this machine that the model sees. */
export interface Mount {
  /** An absolute path of this machine. */
  readonly source: string;
  /** The absolute path at which the model sees it. */
  readonly target: string;
  /** Default true. */
  readonly readOnly?: boolean;
}

/** The graphics cards that a model may use: all, so many, or those with these ids. */
export type Gpus = 'all' | number | readonly string[];

/** One replica to start, described alike for every runtime. */
export interface Plan {
  /** The launch's name, unique on this machine: small letters and digits. Leftovers of the launch are found by it. */
  readonly launch: string;
  /** The replica's number, from 0. */
  readonly replica: number;
  /** The program as `prepare` returned it, so never a build. */
  readonly program: Program;
  /** The port that the model listens on, as its own network numbers it; 0 if it listens on a Unix socket. */
  readonly port: number;
  /** The Unix socket that the model listens on instead: an absolute path, or an abstract name, which begins with @. */
  readonly path?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly memoryBytes: number | undefined;
  readonly gpus: Gpus | undefined;
  /**
   * The place of the lane. The runtime makes the folder and the shim's folder visible to the model and sets the variables
   * (`shimEnvironment`), with the paths that the model sees.
   */
  readonly lane: LanePlan | undefined;
}

export interface LanePlan {
  /** An empty folder of this machine that every user may write to, inside of a folder that only this user may enter. */
  readonly folder: string;
  /** The lane's socket in that folder. */
  readonly socket: 'lane.sock';
  /** See `shimEnvironment`. */
  readonly lean: boolean;
}

/** Takes what a model writes. A sink is bounded and never waits, because a model whose pipe is not read stands still. */
export interface LogSink {
  /** Takes bytes as they come. Lines may be split anywhere. */
  write(source: 'stdout' | 'stderr', chunk: Uint8Array): void;
  /** Takes a line of launch's or the runtime's own: a decision and its reason. */
  note(text: string): void;
}

/** A kind of place where models run. Disposing it releases what it holds. Before that, the instances have to be stopped. */
export interface Runtime extends AsyncDisposable {
  /** The name for messages: `plain processes`, `Docker 20.10.24`. */
  readonly name: string;
  /**
   * Does what is needed once for all replicas: looks for the image, or builds it.
   * @returns the program with which `start` is called: a build is replaced by the image that was built
   * @throws BridgeError BRIDGE_LAUNCH if there is no such image, the build fails, or the engine cannot be reached; `signal.reason`
   */
  prepare(program: Program, log: LogSink, signal: AbortSignal): Promise<Program>;
  /**
   * Starts a replica. Resolves when it runs, which does not mean that it is ready.
   * @throws BridgeError BRIDGE_LAUNCH if it cannot be started, for example because its port on this machine is taken
   */
  start(plan: Plan, log: LogSink, signal: AbortSignal): Promise<Instance>;
  /**
   * Removes what hosts of this user that ended without disposing have left behind, and nothing else.
   * @returns a line for each thing that was removed
   */
  sweep(): Promise<readonly string[]>;
}

/** A model that was started. */
export interface Instance {
  /** The name for messages: `process 4711`, `container ab12cd34ef56`. */
  readonly name: string;
  /** The model's process as this machine's kernel numbers it; undefined if this machine does not see it. */
  readonly pid: number | undefined;
  /** Resolves when the instance has ended and all that it wrote is in the log. Never rejects. */
  readonly ended: Promise<Ending>;
  /**
   * Resolves with how the model's port is listened on, read from the kernel's table in the model's own network namespace; with
   * undefined if it is not. Never connects. On the host's network only a socket of the instance's own processes counts. Throws if
   * the table cannot be read now, which says nothing about the model.
   */
  listening(): Promise<Listening | undefined>;
  /**
   * Resolves with the reason if the model's port on this machine is not free: another program has it, or the kernel keeps it.
   * Called for an instance that ended before it listened, with its last words, or that never listened.
   * @returns BRIDGE_LAUNCH, with whose fault it is; `detail.reason` is "taken" or "kept" if the next start may wait until that is
   *   over; undefined if the port is free
   */
  portTaken?(lastWords: readonly string[]): Promise<BridgeError | undefined>;
  /** Resolves with where the model listens instead of its port, for messages: `port 6001 of 0.0.0.0`. */
  listensElsewhere?(): Promise<readonly string[]>;
  /**
   * Resolves with the shortest way to the port that works, found without a connection.
   * @throws BridgeError BRIDGE_LAUNCH if no way leads there
   */
  route(listening: Listening, options: RouteOptions): Promise<Route>;
  /** Resolves with what the instance's processes have used so far; with undefined if that cannot be told (it has just ended). */
  usage(): Promise<Usage | undefined>;
  /**
   * Ends the instance and all that it started: SIGTERM, and SIGKILL after `graceMs`. When this resolves nothing of it is left: no
   * process, no container, no network. A second call does no harm, nor does a call for an instance that has ended.
   */
  stop(options: { readonly graceMs: number }): Promise<void>;
}

export type { Ending };

/** The address on which a port is listened on. */
export interface Listening {
  /** `any`: all of its namespace's addresses; `loopback`: 127.0.0.0/8 or ::1 alone; `address`: one other; `unix`: a Unix socket. */
  readonly on: 'any' | 'loopback' | 'address' | 'unix';
  /** The address as the kernel's table has it: `0.0.0.0`, `127.0.0.1`, `::`; for a Unix socket its path. */
  readonly address: string;
}

/** Options of the messages that a way has to carry. */
export interface RouteOptions {
  readonly dialect: CheckedDialect;
  readonly limits: Partial<ReplyLimits> | undefined;
  /** True if other processes of this machine may call the same model, so that turns are taken. */
  readonly shared: boolean;
}

/** A way to a model: a replica for the guard, and a description. The caller of `route` disposes the carrier. */
export interface Route extends Replica {
  /** A description for the log: `the container's own address 172.17.0.2, since it listens on 0.0.0.0`. */
  readonly how: string;
}

/** The resources that an instance has used. */
export interface Usage {
  /** User and system time of all its processes, in seconds. */
  readonly cpuSeconds: number;
  /** The memory that it holds now, in bytes. */
  readonly memoryBytes: number;
}
