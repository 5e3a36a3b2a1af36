// The options of a launch. Types, and no code.
import type { ArrayInput } from '@bridge/npy';
import type { ReplyLimits } from '@bridge/transport';
import type { Dialect } from '../../dialects/dialect.ts';
import type { LaunchEvent } from '../replica/state.ts';
import type { BuildSpec, Gpus, Mount, Runtime } from '../runtime.ts';

/** One value for all replicas, or a function that is called with a replica's number (from 0) and returns its value. */
export type PerReplica<T> = T | ((replica: number) => T);

/** A program of this machine. */
export interface CommandSpec {
  /** The program and its arguments: `['python3', 'ml_model.py']`. */
  readonly command: PerReplica<readonly string[]>;
  /** The working folder. Default: that of this process. */
  readonly cwd?: string;
  /**
   * The port on which the model listens. Plain processes share this machine's ports, so each replica needs its own. If the model
   * listens on a Unix socket, give its path (relative to `cwd`), or its abstract name: `@model`.
   */
  readonly port: PerReplica<number | string>;
}

/** The port of a model in a container. */
interface ContainerPort {
  /** The port on which the model listens. Default: the one TCP port that the image exposes (`EXPOSE 6000`). */
  readonly port?: PerReplica<number>;
}

/** An existing image. */
export interface ImageSpec extends ContainerPort {
  readonly image: string;
  /** Replaces the image's own command. */
  readonly command?: PerReplica<readonly string[]>;
}

/** An image that is built first, from a folder with a Dockerfile, or as a `BuildSpec` describes. */
export interface ImageBuildSpec extends ContainerPort {
  readonly build: string | BuildSpec;
  readonly command?: PerReplica<readonly string[]>;
}

/** Options for every kind of program. */
export interface LaunchOptions {
  /**
   * Variables to add to the environment. PYTHONUNBUFFERED is set, so that a model's last lines are not lost; '' unsets it. With a
   * lane, standard output is written line by line, so if the model is killed, the beginning of an unfinished line is lost.
   */
  readonly env?: PerReplica<Readonly<Record<string, string>>>;
  /** Files and folders of this machine that the model sees. Containers only. */
  readonly mounts?: readonly Mount[];
  /** The model's memory limit, in bytes or as Docker writes it (`512m`, `2g`). Containers only. */
  readonly memory?: number | string;
  /** The graphics cards that the model may use. Containers only. */
  readonly gpus?: Gpus;
  /** The number of equal models behind one `Model`, at most 1000. Default 1. */
  readonly replicas?: number;
  /**
   * True (default): messages go through a lane (the fast path to a Python model, see ARCHITECTURE.md) and not to the port, if the lane's
   * shim can stand in for the model's socket. The log says which it is, and why. `lean`: the model does not keep memory for huge frames.
   */
  readonly lane?: boolean | { readonly lean: boolean };
  /** The dialect that the model speaks. Default: `dialects.seed`. */
  readonly dialect?: Dialect;
  /**
   * Limits of a reply: its size, by default one gibibyte, and its pace (`stallMs`). A model whose reply through its lane arrives too
   * slowly is restarted.
   */
  readonly limits?: Partial<ReplyLimits>;
  /** True (default) if other processes of this machine may call the model's port, too, so that all take turns. */
  readonly shared?: boolean;
  /** An array that the model has to answer after each start before it counts as ready. */
  readonly warmUp?: ArrayInput;
  /** Milliseconds that the model may take to become ready. Default: two minutes; Infinity: no limit. */
  readonly readyTimeoutMs?: number;
  /**
   * Milliseconds from SIGTERM to SIGKILL. A model that announces its end through its lane has as much time to end, and at least 2000.
   * Default 1000.
   */
  readonly graceMs?: number;
  /** The number of restarts in a row without an answer, after which the model is given up. Default 5; 0: no restart. */
  readonly maxRestarts?: number;
  /**
   * Milliseconds for which the model may use a whole processor, or flood its log, without a message before it is restarted.
   * Default: 30 s; Infinity: no limit.
   */
  readonly spinMs?: number;
  /** The number of bytes of each replica's output that are kept. Default: one mebibyte. */
  readonly logBytes?: number;
  /** The model's name for messages. Default: its file's name, or the image; `python3` for `python3 -c CODE`. */
  readonly name?: string;
  /**
   * Called for each event of the replicas. An error that it throws, or with which its promise rejects, does not disturb the launch. The
   * error becomes an unhandled rejection, which ends the program unless it has a listener: `process.on('unhandledRejection', …)`.
   */
  readonly onEvent?: (event: LaunchEvent) => void;
  /** Aborts the start. */
  readonly signal?: AbortSignal;
  /** The runtime. Default: plain processes for a command, Docker for an image. Launch does not dispose it. */
  readonly runtime?: Runtime;
}

/** The options of a launch, with exactly one of `command` alone, `image` and `build`. */
export type LaunchSpec = LaunchOptions & (CommandSpec | ImageSpec | ImageBuildSpec);
