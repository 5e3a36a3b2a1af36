// The options of a launch. Types, and no code.
import type { ArrayInput } from '@bridge/npy';
import type { ReplyLimits } from '@bridge/transport';
import type { Dialect } from '../../dialects/dialect.ts';
import type { LaunchEvent } from '../replica/state.ts';
import type { BuildSpec, Gpus, Mount, Runtime } from '../runtime.ts';

/** One value for all replicas, or a function that returns the value for the replica of a number (from 0). */
export type PerReplica<T> = T | ((replica: number) => T);

/** A program of this machine. */
export interface CommandSpec {
  /** The program and its arguments: `['python3', 'ml_model.py']`. */
  readonly command: PerReplica<readonly string[]>;
  /** The working folder. Default: that of this process. */
  readonly cwd?: string;
  /**
   * The port that the model listens on. Plain processes share this machine's ports, so each replica needs its own. The model may also
   * listen on a Unix socket: give its path, which is relative to `cwd`, or an abstract name: `@model`.
   */
  readonly port: PerReplica<number | string>;
}

/** The port of a model in a container. */
interface ContainerPort {
  /** The port that the model listens on. Default: the one TCP port that the image exposes (`EXPOSE 6000`). */
  readonly port?: PerReplica<number>;
}

/** A finished image. */
export interface ImageSpec extends ContainerPort {
  readonly image: string;
  /** Replaces the image's own command. */
  readonly command?: PerReplica<readonly string[]>;
}

/** An image that is built first: from a folder with a Dockerfile, or as described. */
export interface ImageBuildSpec extends ContainerPort {
  readonly build: string | BuildSpec;
  readonly command?: PerReplica<readonly string[]>;
}

/** Options for every kind of program. */
export interface LaunchOptions {
  /**
   * Variables to add to the environment. PYTHONUNBUFFERED is set, so that the model's last words are not lost; '' unsets it. With a
   * lane, standard output is written line by line, so that the beginning of a line is lost if the model is killed.
   */
  readonly env?: PerReplica<Readonly<Record<string, string>>>;
  /** Containers only. */
  readonly mounts?: readonly Mount[];
  /** Containers only: bytes, or as Docker writes them (`512m`, `2g`). */
  readonly memory?: number | string;
  /** Containers only. */
  readonly gpus?: Gpus;
  /** The number of equal models behind one `Model`, at most 1000. Default 1. */
  readonly replicas?: number;
  /**
   * True (default): messages go by a lane (see ARCHITECTURE.md) and not by the port, if the model is a Python program that the
   * lane's shim understands. The log says which of the two it is, and why. `lean`: the lane may not keep memory for huge frames.
   */
  readonly lane?: boolean | { readonly lean: boolean };
  /** The dialect that the model speaks. Default: `dialects.seed`. */
  readonly dialect?: Dialect;
  /**
   * Limits of a reply by either way: its size, by default one gibibyte, and its pace (`stallMs`). A model whose reply by its lane
   * is too slow is restarted.
   */
  readonly limits?: Partial<ReplyLimits>;
  /** True (default) if other processes of this machine may call the model's port, too. Then turns are taken. */
  readonly shared?: boolean;
  /** An array that the model has to answer after each start before it counts as ready. */
  readonly warmUp?: ArrayInput;
  /** Milliseconds that the model may take to become ready. Default: two minutes; Infinity: no limit. */
  readonly readyTimeoutMs?: number;
  /**
   * Milliseconds from SIGTERM to SIGKILL. A model that announces its end by its lane also has so long to end, and at least 2000.
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
  /** Bytes that are kept of what each replica writes. Default: one mebibyte. */
  readonly logBytes?: number;
  /** The model's name for messages. Default: its file, or the image; `python3` for `python3 -c CODE`. */
  readonly name?: string;
  /**
   * Called for each event of the replicas. An error that it throws, or rejects with, does no harm to the launch: it becomes an
   * unhandled rejection, which ends the program unless `process.on('unhandledRejection', …)` says otherwise.
   */
  readonly onEvent?: (event: LaunchEvent) => void;
  /** Aborts the start. */
  readonly signal?: AbortSignal;
  /** The runtime. Default: plain processes for a command, Docker for an image. Launch does not dispose it. */
  readonly runtime?: Runtime;
}

/** The options of a launch, with exactly one of `command` alone, `image` and `build`. */
export type LaunchSpec = LaunchOptions & (CommandSpec | ImageSpec | ImageBuildSpec);
