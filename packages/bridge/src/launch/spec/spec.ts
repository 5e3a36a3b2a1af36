// What a user says of a model that is to be started: types, and no code.
import type { ArrayInput } from '@bridge/npy';
import type { ReplyLimits } from '@bridge/transport';
import type { Dialect } from '../../dialects/dialect.ts';
import type { LaunchEvent } from '../replica/state.ts';
import type { BuildSpec, Gpus, Mount, Runtime } from '../runtime.ts';

/** One for all replicas, or what the replica of this number (from 0) is to have. */
export type PerReplica<T> = T | ((replica: number) => T);

/** A program of this machine. */
export interface CommandSpec {
  /** The program and its arguments: `['python3', 'ml_model.py']`. */
  readonly command: PerReplica<readonly string[]>;
  /** Default: this process's. */
  readonly cwd?: string;
}

/** A finished image. */
export interface ImageSpec {
  readonly image: string;
  /** In place of the image's own. */
  readonly command?: PerReplica<readonly string[]>;
}

/** An image that is built first: from a folder with a Dockerfile, or as told. */
export interface ImageBuildSpec {
  readonly build: string | BuildSpec;
  readonly command?: PerReplica<readonly string[]>;
}

/** What may be said of any. */
export interface LaunchOptions {
  /**
   * The port that the model listens on. Plain processes share this machine's ports, so that each replica needs its own. Of a plain
   * process also the path of a Unix socket that it listens on, from `cwd` on where it is relative, or an abstract name: `@model`.
   */
  readonly port: PerReplica<number | string>;
  /**
   * Variables beside those that it has anyway. PYTHONUNBUFFERED is set, so that its last words are not lost; '' unsets it. With
   * a lane its standard output goes out line by line: the beginning of a line stays behind where it is killed.
   */
  readonly env?: PerReplica<Readonly<Record<string, string>>>;
  /** Containers only. */
  readonly mounts?: readonly Mount[];
  /** Containers only: bytes, or as Docker writes them (`512m`, `2g`). */
  readonly memory?: number | string;
  /** Containers only. */
  readonly gpus?: Gpus;
  /** Equal models behind one `Model`, at most 1000. Default 1. */
  readonly replicas?: number;
  /**
   * Default true: where the model is a Python program that its shim understands, messages go by a lane (ARCHITECTURE.md tells
   * how) and not by its port; which of the two it is, and why, is in the log. `lean`: it may not keep memory for huge frames.
   */
  readonly lane?: boolean | { readonly lean: boolean };
  /** What the model speaks. Default: `dialects.seed`. */
  readonly dialect?: Dialect;
  /**
   * Bounds on a reply, whatever way it comes: at most one gibibyte, and no slower than `stallMs` allows. A model whose reply drips by
   * its lane is started anew.
   */
  readonly limits?: Partial<ReplyLimits>;
  /** Whether other processes of this machine may call its port, too: then turns are taken. Default true. */
  readonly shared?: boolean;
  /** An array that it has to answer before it counts as ready, after each start. */
  readonly warmUp?: ArrayInput;
  /** Milliseconds that it may take to become ready. Default: two minutes; Infinity: for ever. */
  readonly readyTimeoutMs?: number;
  /**
   * Milliseconds from SIGTERM to SIGKILL; also what a model has that says by its lane that it ends, then at least 2000. Default
   * 1000.
   */
  readonly graceMs?: number;
  /** How often in a row it is started anew without having answered anything. Default 5; 0: never. */
  readonly maxRestarts?: number;
  /**
   * How long it may use a whole processor, or flood its log, with no message before it is started anew. Default: 30 s;
   * Infinity: for ever.
   */
  readonly spinMs?: number;
  /** How much of what each replica writes is kept, bytes. Default: one mebibyte. */
  readonly logBytes?: number;
  /** Its name for messages. Default: the file that it is, or the image; of `python3 -c CODE` it is `python3`. */
  readonly name?: string;
  /**
   * Told of what happens to its replicas. What it throws, or rejects with, does no harm to the launch: it is a rejection that
   * nobody handles, on which Node ends a program that has not said otherwise (`process.on('unhandledRejection', …)`).
   */
  readonly onEvent?: (event: LaunchEvent) => void;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
  /** Where it runs. Default: plain processes for a command, Docker for an image. It is not disposed. */
  readonly runtime?: Runtime;
}

/** A model that is to be started: exactly one of `command` alone, `image` and `build`. */
export type LaunchSpec = LaunchOptions & (CommandSpec | ImageSpec | ImageBuildSpec);
