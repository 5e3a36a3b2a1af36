// What launch asks of a kind of place where models run: plain processes, Docker. The contract, and no implementation. Launch
// plans, waits until a model is ready, supervises it and calls it; a runtime starts and stops it, and knows how it is reached.
import type { ReplyLimits } from '@bridge/transport';
import type { CheckedDialect } from '../dialects/check-dialect.ts';
import type { BridgeError } from '../errors/bridge-error.ts';
import type { Ending } from '../errors/model-fault.ts';
import type { Replica } from '../guard/replica.ts';

/** What is run. */
export type Program =
  /** A command of this machine. */
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly cwd: string | undefined }
  /** A finished image; `command` in place of its own. */
  | { readonly kind: 'image'; readonly image: string; readonly command: readonly string[] | undefined }
  /** An image that is built first. */
  | { readonly kind: 'build'; readonly build: BuildSpec; readonly command: readonly string[] | undefined };

/** How an image is built. */
export interface BuildSpec {
  /** The folder that the build may read. */
  readonly context: string;
  /** Inside of the context. Default: `Dockerfile`. */
  readonly dockerfile?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** A stage of the Dockerfile. */
  readonly target?: string;
  /** The image's name; default: one that is made up from the context's path. */
  readonly tag?: string;
}

/** A file or folder of this machine that the model sees. */
export interface Mount {
  /** Here: an absolute path. */
  readonly source: string;
  /** Where the model sees it: an absolute path. */
  readonly target: string;
  /** Default true. */
  readonly readOnly?: boolean;
}

/** The graphics cards that a model may use: all, so many, or these by their ids. */
export type Gpus = 'all' | number | readonly string[];

/** One replica that is to run, the same for every runtime. */
export interface Plan {
  /** This launch among all of this machine: small letters and digits. Whatever is left of it can be found by this. */
  readonly launch: string;
  /** Its number, from 0. */
  readonly replica: number;
  /** As `prepare` answered it: no build any more. */
  readonly program: Program;
  /** The port that the model listens on, as its own network numbers it; 0 where it listens on a Unix socket. */
  readonly port: number;
  /** The Unix socket that it listens on instead: an absolute path, or an abstract name, which begins with @. */
  readonly path?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly memoryBytes: number | undefined;
  readonly gpus: Gpus | undefined;
  /**
   * Where the lane is to be. The runtime makes the folder and the shim's folder visible to the model and sets the variables
   * (`shimEnvironment`), with the paths that the model sees.
   */
  readonly lane: LanePlan | undefined;
}

export interface LanePlan {
  /** An empty folder of this machine that every user may write to, inside of one that only we may enter. */
  readonly folder: string;
  /** The lane's socket in that folder. */
  readonly socket: 'lane.sock';
  /** See `shimEnvironment`. */
  readonly lean: boolean;
}

/** Takes what a model writes. It is bounded and never waits: a model whose pipe is not read stands still. */
export interface LogSink {
  /** Bytes as they come; lines may be split anywhere. */
  write(source: 'stdout' | 'stderr', chunk: Uint8Array): void;
  /** A line of launch's or the runtime's own: what was chosen, and why. */
  note(text: string): void;
}

/** A kind of place where models run. Disposing it lets go of what it holds; whoever launched has stopped the instances. */
export interface Runtime extends AsyncDisposable {
  /** For messages: `plain processes`, `Docker 20.10.24`. */
  readonly name: string;
  /**
   * What has to be done once for all replicas: look for the image, or build it.
   * @returns the program with which `start` is called: the image that was built in place of its build
   * @throws BridgeError BRIDGE_LAUNCH when there is no such image, the build fails, or the engine cannot be reached;
   *   `signal.reason`
   */
  prepare(program: Program, log: LogSink, signal: AbortSignal): Promise<Program>;
  /**
   * Starts a replica. It runs when this returns; whether it is ready is another question.
   * @throws BridgeError BRIDGE_LAUNCH when it cannot be started, a port of this machine that is taken included
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
  /** For messages: `process 4711`, `container ab12cd34ef56`. */
  readonly name: string;
  /** The model's process as this machine's kernel numbers it; undefined where this machine does not see it. */
  readonly pid: number | undefined;
  /** When it has ended, and all that it wrote is in the log. Never rejects. */
  readonly ended: Promise<Ending>;
  /**
   * Whether the model's port is listened on, read from the kernel's table in its own network namespace. Never connects. On the
   * host's network only a socket of the instance's own processes counts. What it throws says that nobody can tell now.
   */
  listening(): Promise<Listening | undefined>;
  /**
   * Who else has the port, where it is one of this machine, or what keeps it: asked of an instance that ended before it listened,
   * with the last that it wrote, or that never did.
   * @returns BRIDGE_LAUNCH, with whose fault it is; `detail.reason` is "taken" or "kept" where its next start may wait for that to
   *   be over; undefined where it is free
   */
  portTaken?(lastWords: readonly string[]): Promise<BridgeError | undefined>;
  /** Where it listens instead of its port, for messages: `port 6001 of 0.0.0.0`. */
  listensElsewhere?(): Promise<readonly string[]>;
  /**
   * How this host reaches the port: the shortest way that works, found without a connection to it.
   * @throws BridgeError BRIDGE_LAUNCH when no way leads there
   */
  route(listening: Listening, options: RouteOptions): Promise<Route>;
  /** What its processes have used so far; undefined when nobody knows (it has just ended). */
  usage(): Promise<Usage | undefined>;
  /**
   * Ends it and whatever it started: SIGTERM, and SIGKILL after `graceMs`. When this returns nothing of it is left: no process,
   * no container, no network. Twice is harmless, and so is one that has ended.
   */
  stop(options: { readonly graceMs: number }): Promise<void>;
}

export type { Ending };

/** What a port is listened on. */
export interface Listening {
  /** `any`: all of its namespace's addresses; `loopback`: 127.0.0.0/8 or ::1 alone; `address`: one other; `unix`: a Unix socket. */
  readonly on: 'any' | 'loopback' | 'address' | 'unix';
  /** The address as the kernel's table has it: `0.0.0.0`, `127.0.0.1`, `::`; of a Unix socket its path. */
  readonly address: string;
}

/** How messages are to be sent. */
export interface RouteOptions {
  readonly dialect: CheckedDialect;
  readonly limits: Partial<ReplyLimits> | undefined;
  /** Whether other processes of this machine may call the same model: then turns are taken. */
  readonly shared: boolean;
}

/** A way to a model: what the guard needs of it, and which way it is. Whoever asked for it disposes the carrier. */
export interface Route extends Replica {
  /** For the log: `the container's own address 172.17.0.2, since it listens on 0.0.0.0`. */
  readonly how: string;
}

/** What an instance has used. */
export interface Usage {
  /** User and system time of all its processes, seconds. */
  readonly cpuSeconds: number;
  /** Memory that it holds now, bytes. */
  readonly memoryBytes: number;
}
