// What a user says of a model that is to be started, held against what it may be, and made into plans.
import { isAbsolute, resolve } from 'node:path';
import { basename } from 'node:path/posix';
import { type ArrayInput, encodeParts } from '@bridge/npy';
import type { FrameLimits, Message } from '@bridge/transport';
import type { Dialect } from '../dialects/dialect.ts';
import { dialects } from '../dialects.ts';
import { BridgeError } from '../errors.ts';
import { checkDialect } from '../open-guard.ts';
import { checkFunction, checkMs, checkOption, shown } from '../option.ts';
import type { BuildSpec, Gpus, Mount, Plan, Program, Runtime } from './runtime.ts';
import type { LaunchEvent } from './state.ts';

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
  /** The port that the model listens on. Plain processes share this machine's ports, so that each replica needs its own. */
  readonly port: PerReplica<number>;
  /** Variables beside those that it has anyway. PYTHONUNBUFFERED is set, so that its last words are not lost; '' unsets it. */
  readonly env?: PerReplica<Readonly<Record<string, string>>>;
  /** Containers only. */
  readonly mounts?: readonly Mount[];
  /** Containers only: bytes, or as Docker writes them (`512m`, `2g`). */
  readonly memory?: number | string;
  /** Containers only. */
  readonly gpus?: Gpus;
  /** Equal models behind one `Model`. Default 1. */
  readonly replicas?: number;
  /**
   * Default true: where the model is a Python program that its shim understands, messages go by a lane (ARCHITECTURE.md tells
   * how) and not by its port; which of the two it is, and why, is in the log. `lean`: it may not keep memory for huge frames.
   */
  readonly lane?: boolean | { readonly lean: boolean };
  /** What the model speaks. Default: `dialects.seed`. */
  readonly dialect?: Dialect;
  /** Bounds on a reply. Default: one gibibyte. */
  readonly limits?: Partial<FrameLimits>;
  /** Whether other processes of this machine may call its port, too: then turns are taken. Default true. */
  readonly shared?: boolean;
  /** An array that it has to answer before it counts as ready, after each start. */
  readonly warmUp?: ArrayInput;
  /** Milliseconds that it may take to become ready. Default: two minutes. */
  readonly readyTimeout?: number;
  /** Milliseconds from SIGTERM to SIGKILL. Default 1000. */
  readonly graceMs?: number;
  /** How often in a row it is started anew without having answered anything. Default 5; 0: never. */
  readonly maxRestarts?: number;
  /** How long it may use a whole processor with no message before it is started anew. Default: 30 s; Infinity: for ever. */
  readonly spinMs?: number;
  /** How much of what each replica writes is kept, bytes. Default: one mebibyte. */
  readonly logBytes?: number;
  /** Its name for messages. Default: the file that it is, or the image. */
  readonly name?: string;
  /** Told of what happens to its replicas. */
  readonly onEvent?: (event: LaunchEvent) => void;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
  /** Where it runs. Default: plain processes for a command, Docker for an image. It is not disposed. */
  readonly runtime?: Runtime;
}

/** A model that is to be started: exactly one of `command` alone, `image` and `build`. */
export type LaunchSpec = LaunchOptions & (CommandSpec | ImageSpec | ImageBuildSpec);

/** The same with everything decided. */
export interface Launching {
  readonly program: Program;
  readonly name: string;
  readonly replicas: number;
  readonly dialect: Dialect;
  readonly limits: Partial<FrameLimits> | undefined;
  readonly shared: boolean;
  readonly lane: { readonly lean: boolean } | undefined;
  readonly warmUp: Message | undefined;
  readonly readyTimeoutMs: number;
  readonly graceMs: number;
  readonly maxRestarts: number;
  readonly spinMs: number;
  readonly logBytes: number;
  readonly onEvent: (event: LaunchEvent) => void;
  readonly signal: AbortSignal | undefined;
  readonly runtime: Runtime | undefined;
  /** @throws BridgeError BRIDGE_OPTION */
  plan(launch: string, replica: number, program: Program): Omit<Plan, 'lane'>;
}

const MAX_PORT = 65_535;
const SUFFIXES: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** @throws BridgeError BRIDGE_OPTION */
export function checkSpec(spec: LaunchSpec): Launching {
  checkOption('spec', spec, typeof spec === 'object' && spec !== null, 'an object with command, image or build');
  const { replicas = 1, dialect = dialects.seed, lane = true, graceMs = 1000, maxRestarts = 5, signal, runtime } = spec;
  const { readyTimeout = 120_000, spinMs = 30_000, logBytes = 2 ** 20, shared = true, onEvent = () => {} } = spec;
  const program = programOf(spec, 0);
  checkReplicas(replicas);
  checkDialect('dialect', dialect);
  checkOption('maxRestarts', maxRestarts, Number.isInteger(maxRestarts) && maxRestarts >= 0, 'a whole number from 0');
  checkOption('logBytes', logBytes, Number.isInteger(logBytes) && logBytes > 0, 'bytes from 1');
  checkMs('readyTimeout', readyTimeout);
  checkMs('graceMs', graceMs);
  checkMs('spinMs', spinMs);
  checkFunction('onEvent', onEvent);
  const isLane = typeof lane === 'boolean' || typeof Object(lane).lean === 'boolean';
  checkOption('lane', lane, isLane, 'true, false or { lean }');
  const memoryBytes = spec.memory === undefined ? undefined : bytesOf(spec.memory);
  const mounts = spec.mounts ?? [];
  for (const mount of mounts) {
    const absolute = isAbsolute(String(mount.source)) && isAbsolute(String(mount.target));
    checkOption('mounts', mount, absolute, 'absolute paths: { source, target }');
  }
  return {
    program,
    name: spec.name ?? nameOf(program),
    replicas,
    dialect,
    limits: spec.limits,
    shared,
    lane: lane === false ? undefined : { lean: typeof lane === 'object' && lane.lean },
    warmUp: spec.warmUp === undefined ? undefined : encodeParts(spec.warmUp),
    readyTimeoutMs: readyTimeout,
    graceMs,
    maxRestarts,
    spinMs,
    logBytes,
    // What a listener throws is its own affair.
    onEvent: (event) => queueMicrotask(() => onEvent(event)),
    signal,
    runtime,
    plan(launch, replica, prepared) {
      const port = of(spec.port, replica);
      checkOption('port', port, Number.isInteger(port) && port > 0 && port <= MAX_PORT, `a port, 1 to ${MAX_PORT}`);
      const env = { PYTHONUNBUFFERED: '1', ...of(spec.env ?? {}, replica) };
      for (const [name, value] of Object.entries(env))
        checkOption(`env.${name}`, value, typeof value === 'string', 'text');
      const { command } = programOf(spec, replica);
      const own = command === undefined ? prepared : ({ ...prepared, command } as Program);
      return { launch, replica, program: own, port, env, mounts, memoryBytes, gpus: spec.gpus };
    },
  };
}

/** @throws BridgeError BRIDGE_OPTION */
export function checkReplicas(replicas: number): void {
  checkOption('replicas', replicas, Number.isInteger(replicas) && replicas > 0, 'a whole number from 1');
}

/**
 * Plain processes share the ports of this machine.
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkPorts(plans: readonly Pick<Plan, 'port' | 'program'>[]): void {
  const ports = plans.filter(({ program }) => program.kind === 'command').map(({ port }) => port);
  const twice = ports.find((port, i) => ports.indexOf(port) !== i);
  if (twice === undefined) return;
  const message = `two replicas on port ${twice}: plain processes share this machine's ports. Give each its own, port: (i) => \
${twice} + i, and tell the program of it by env or command; a program that knows no other port needs a container for each`;
  throw new BridgeError('BRIDGE_OPTION', message, { name: 'port', value: twice });
}

function programOf(spec: LaunchSpec, replica: number): Program {
  const { command, image, build, cwd } = spec as Partial<CommandSpec & ImageSpec & ImageBuildSpec>;
  const given = command === undefined ? undefined : of(command, replica);
  const words =
    given === undefined || (Array.isArray(given) && given.length > 0 && given.every((w) => typeof w === 'string'));
  checkOption('command', given, words, "a program and its arguments: ['python3', 'ml_model.py']");
  checkOption('image', image, image === undefined || (typeof image === 'string' && image !== ''), "an image's name");
  checkOption('build', build, image === undefined || build === undefined, 'none: there is an image');
  if (image !== undefined) return { kind: 'image', image, command: given };
  if (build !== undefined) {
    const told = typeof build === 'string' ? { context: build } : build;
    checkOption('build', build, typeof Object(told).context === 'string', 'a folder, or { context }');
    return { kind: 'build', build: { ...told, context: resolve(told.context) }, command: given };
  }
  if (given === undefined)
    throw new BridgeError('BRIDGE_OPTION', 'nothing to launch: expected command, image or build');
  return { kind: 'command', command: given, cwd };
}

function nameOf(program: Program): string {
  if (program.kind === 'image') return program.image;
  if (program.kind === 'build') return program.build.tag ?? basename(program.build.context);
  const file = program.command.find((word, i) => i > 0 && !word.startsWith('-'));
  return basename(file ?? program.command[0] ?? '');
}

function of<T>(value: PerReplica<T>, replica: number): T {
  // No T is a function.
  return typeof value === 'function' ? (value as (replica: number) => T)(replica) : value;
}

/** @throws BridgeError BRIDGE_OPTION */
function bytesOf(memory: number | string): number {
  const [, digits, suffix = ''] = /^(\d+)([bkmg]?)$/i.exec(String(memory)) ?? [];
  const bytes = Number(digits) * (SUFFIXES[suffix.toLowerCase()] ?? Number.NaN);
  if (bytes > 0) return bytes;
  const message = `memory is ${shown(memory)}: expected bytes, or a number with k, m or g behind it`;
  throw new BridgeError('BRIDGE_OPTION', message, { name: 'memory', value: memory });
}
