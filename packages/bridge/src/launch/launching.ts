// What a user said of a model that is to be started, held against what it may be, and made into plans.
import { isAbsolute, resolve } from 'node:path';
import { basename } from 'node:path/posix';
import { type ArrayInput, encodeParts } from '@bridge/npy';
import type { Message, ReplyLimits } from '@bridge/transport';
import type { Dialect } from '../dialects/dialect.ts';
import { dialects } from '../dialects.ts';
import { BridgeError } from '../errors.ts';
import { checkOneArray } from '../one-array.ts';
import { checkDialect, replyLimits } from '../open-guard.ts';
import { checkFlag, checkFunction, checkMs, checkOption, type Names, optionsOf, shown } from '../option.ts';
import { IMAGE_NAME, isImageName } from './docker/image-name.ts';
import type { BuildSpec, Gpus, Mount, Plan, Program, Runtime } from './runtime.ts';
import type { CommandSpec, ImageBuildSpec, ImageSpec, LaunchOptions, LaunchSpec, PerReplica } from './spec.ts';
import type { LaunchEvent } from './state.ts';

/** A launch with everything decided. */
export interface Launching {
  readonly program: Program;
  readonly name: string;
  readonly replicas: number;
  readonly dialect: Dialect;
  readonly limits: Partial<ReplyLimits> | undefined;
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
  /**
   * What the replicas from 0 on are to be.
   * @throws BridgeError BRIDGE_OPTION
   */
  plans(launch: string, replicas: number, program: Program): Omit<Plan, 'lane'>[];
}

type AnySpec = LaunchOptions & Partial<CommandSpec & ImageSpec & ImageBuildSpec>;

const SPEC: Names<AnySpec> = {
  command: true,
  cwd: true,
  image: true,
  build: true,
  port: true,
  env: true,
  mounts: true,
  memory: true,
  gpus: true,
  replicas: true,
  lane: true,
  dialect: true,
  limits: true,
  shared: true,
  warmUp: true,
  readyTimeout: true,
  graceMs: true,
  maxRestarts: true,
  spinMs: true,
  logBytes: true,
  name: true,
  onEvent: true,
  signal: true,
  runtime: true,
};
const MOUNT: Names<Mount> = { source: true, target: true, readOnly: true };
const BUILD: Names<BuildSpec> = { context: true, dockerfile: true, args: true, target: true, tag: true };

const MAX_PORT = 65_535;
/** Of a Unix socket's path. */
const MOST_PATH_BYTES = 107;
/** More of them on one machine is a mistake, and one that would end it. */
const MOST_REPLICAS = 1000;
/** `-c`, also behind other letters: `-uc`. */
const CODE_NEXT = /^-\w*c$/;
const SUFFIXES: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/**
 * All of it is held against what it may be, that of each replica too, before anything is built or started.
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION for a limit that is none
 */
export function checkSpec(given: LaunchSpec): Launching {
  checkOption('spec', given, typeof given === 'object' && given !== null, 'an object with command, image or build');
  // What it may not be together is refused below.
  const spec = optionsOf<AnySpec>('spec', given, SPEC) as LaunchSpec;
  const { replicas = 1, dialect = dialects.seed, lane = true, graceMs = 1000, maxRestarts = 5, signal, runtime } = spec;
  const { readyTimeout = 120_000, spinMs = 30_000, logBytes = 2 ** 20, shared = true, onEvent = () => {} } = spec;
  const program = programOf(spec, 0);
  const { name = nameOf(program), gpus } = spec;
  checkReplicas(replicas);
  checkDialect('dialect', dialect);
  // That it answers is how a launched model is known to be well.
  checkOption('dialect', dialect.name, !dialect.reply.carriesNothing, 'one with replies');
  checkOption('maxRestarts', maxRestarts, Number.isInteger(maxRestarts) && maxRestarts >= 0, 'a whole number from 0');
  checkOption('logBytes', logBytes, Number.isInteger(logBytes) && logBytes > 0, 'bytes from 1');
  checkMs('readyTimeout', readyTimeout);
  checkMs('graceMs', graceMs);
  checkMs('spinMs', spinMs);
  checkFunction('onEvent', onEvent);
  const isLane = typeof lane === 'boolean' || typeof Object(lane).lean === 'boolean';
  checkOption('lane', lane, isLane, 'true, false or { lean }');
  checkOption('shared', shared, typeof shared === 'boolean', 'true or false');
  checkOption('name', name, typeof name === 'string', 'text');
  checkOption('signal', signal, signal === undefined || signal instanceof AbortSignal, 'an AbortSignal');
  checkOption('runtime', runtime, runtime === undefined || isRuntime(runtime), 'a runtime');
  checkOption('gpus', gpus, gpus === undefined || isGpus(gpus), "'all', a whole number from 1, or a list of ids");
  const limits = replyLimits(spec.limits);
  const mounts = checkMounts(spec.mounts);
  const memoryBytes = spec.memory === undefined ? undefined : bytesOf(spec.memory);
  const plan = (launch: string, replica: number, prepared: Program): Omit<Plan, 'lane'> => {
    const { port, path } = placeOf(of(spec.port, replica), prepared);
    const env = { PYTHONUNBUFFERED: '1', ...checkEnv(of(spec.env, replica)) };
    const { command } = programOf(spec, replica);
    const own = command === undefined ? prepared : ({ ...prepared, command } as Program);
    return { launch, replica, program: own, port, path, env, mounts, memoryBytes, gpus };
  };
  const launching: Launching = {
    program,
    name,
    replicas,
    dialect,
    limits,
    shared,
    lane: lane === false ? undefined : { lean: typeof lane === 'object' && lane.lean },
    warmUp: spec.warmUp === undefined ? undefined : warmUpOf(spec.warmUp),
    readyTimeoutMs: readyTimeout,
    graceMs,
    maxRestarts,
    spinMs,
    logBytes,
    // What it throws is a rejection that nobody handles, as of an onError: nothing here is in its way.
    onEvent: (event) => void Promise.resolve(event).then(onEvent),
    signal,
    runtime,
    plans(launch, count, prepared) {
      const plans = Array.from({ length: count }, (_, replica) => plan(launch, replica, prepared));
      checkPorts(plans);
      return plans;
    },
  };
  launching.plans('', replicas, program);
  return launching;
}

/**
 * A port, or the path of a Unix socket.
 * @throws BridgeError BRIDGE_OPTION
 */
function placeOf(given: number | string, program: Program): Pick<Plan, 'port' | 'path'> {
  if (typeof given !== 'string') {
    checkOption('port', given, Number.isInteger(given) && given > 0 && given <= MAX_PORT, `a port, 1 to ${MAX_PORT}`);
    return { port: given, path: undefined };
  }
  const hasSlash = given.includes('/') || given.startsWith('@');
  const expected = `a port, 1 to ${MAX_PORT}, or the path of a Unix socket, which has a / in it, or begins with @`;
  checkOption('port', given, hasSlash && given !== '@' && !given.includes('\0'), expected);
  checkOption('port', given, program.kind === 'command', 'a port: Unix sockets are for plain processes');
  const path = given.startsWith('@') ? given : resolve(program.kind === 'command' ? (program.cwd ?? '') : '', given);
  const fits = Buffer.byteLength(path) <= MOST_PATH_BYTES;
  checkOption('port', given, fits, `a path of at most ${MOST_PATH_BYTES} bytes, as Unix sockets have`);
  return { port: 0, path };
}

/** @throws BridgeError BRIDGE_OPTION */
export function checkReplicas(replicas: number): void {
  checkOption(
    'replicas',
    replicas,
    Number.isInteger(replicas) && replicas > 0 && replicas <= MOST_REPLICAS,
    `a whole number, 1 to ${MOST_REPLICAS}`,
  );
}

/**
 * Plain processes share the ports of this machine.
 * @throws BridgeError BRIDGE_OPTION
 */
function checkPorts(plans: readonly Pick<Plan, 'port' | 'path' | 'program'>[]): void {
  const ports = plans.filter(({ program }) => program.kind === 'command').map(({ port, path }) => path ?? port);
  const twice = ports.find((port, i) => ports.indexOf(port) !== i);
  if (twice === undefined) return;
  if (typeof twice === 'string') {
    const message = `two replicas on the Unix socket ${shown(twice)}: give each its own, port: (i) => \`/run/model-\${i}.sock\`, and tell \
the program of it by env or command`;
    throw new BridgeError('BRIDGE_OPTION', message, { name: 'port', value: twice });
  }
  const message = `two replicas on port ${twice}: plain processes share this machine's ports. Give each its own, port: (i) => \
${twice} + i, and tell the program of it by env or command; a program that knows no other port needs a container for each`;
  throw new BridgeError('BRIDGE_OPTION', message, { name: 'port', value: twice });
}

function programOf(spec: LaunchSpec, replica: number): Program {
  const { command, image, build, cwd } = spec as Partial<CommandSpec & ImageSpec & ImageBuildSpec>;
  const given = command === undefined ? undefined : of(command, replica);
  const words =
    given === undefined ||
    (Array.isArray(given) && given.length > 0 && given.every((w) => typeof w === 'string') && given[0] !== '');
  checkOption('command', given, words, "a program and its arguments: ['python3', 'ml_model.py']");
  checkOption('cwd', cwd, cwd === undefined || (typeof cwd === 'string' && cwd !== ''), 'a folder');
  checkOption('image', image, image === undefined || (typeof image === 'string' && isImageName(image)), IMAGE_NAME);
  checkOption('build', build, image === undefined || build === undefined, 'none: there is an image');
  const isContainer = image !== undefined || build !== undefined;
  checkOption('cwd', cwd, cwd === undefined || !isContainer, 'none: a container has a working folder of its own');
  if (image !== undefined) return { kind: 'image', image, command: given };
  if (build !== undefined) {
    const told = optionsOf<BuildSpec>('build', typeof build === 'string' ? { context: build } : build, BUILD);
    const { context = '', dockerfile, args, target, tag } = told;
    checkOption('build', build, typeof context === 'string' && context !== '', 'a folder, or { context }');
    for (const [name, value] of Object.entries({ dockerfile, target, tag }))
      checkOption(`build.${name}`, value, value === undefined || typeof value === 'string', 'text');
    checkOption('build.tag', tag, tag === undefined || isImageName(tag), IMAGE_NAME);
    checkVariables('build.args', args);
    return { kind: 'build', build: { ...told, context: resolve(context) }, command: given };
  }
  if (given === undefined)
    throw new BridgeError('BRIDGE_OPTION', 'nothing to launch: expected command, image or build');
  return { kind: 'command', command: given, cwd };
}

/** @throws BridgeError BRIDGE_OPTION */
function checkEnv(env: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  if (env === undefined || env === null) return {};
  checkVariables('env', env);
  for (const name of Object.keys(env)) checkOption('env', name, name !== '' && !name.includes('='), 'names without =');
  return env;
}

/**
 * A Map, or the promise of an object, would be none at all.
 * @throws BridgeError BRIDGE_OPTION
 */
function checkVariables(option: string, values: Readonly<Record<string, string>> | null | undefined): void {
  if (values === undefined || values === null) return;
  const isRecord = Object.prototype.toString.call(values) === '[object Object]';
  checkOption(option, values, isRecord, 'an object: { NAME: text }');
  for (const [name, value] of Object.entries(values))
    checkOption(`${option}.${name}`, value, typeof value === 'string', 'text');
}

/** @throws BridgeError BRIDGE_OPTION */
function checkMounts(mounts: LaunchSpec['mounts'] | null): readonly Mount[] {
  if (mounts === undefined || mounts === null) return [];
  checkOption('mounts', mounts, Array.isArray(mounts), 'a list of { source, target }');
  for (const mount of mounts) {
    checkOption('mounts', mount, typeof mount === 'object' && mount !== null, 'objects: { source, target }');
    const { source, target, readOnly } = optionsOf<Mount>('mounts', mount, MOUNT);
    checkFlag('mounts.readOnly', readOnly);
    const absolute = [source, target].every((path) => typeof path === 'string' && isAbsolute(path));
    checkOption('mounts', mount, absolute, 'absolute paths: { source, target }');
  }
  return mounts;
}

/** @throws NpyError */
function warmUpOf(input: ArrayInput): Message {
  checkOneArray('warmUp takes', input);
  return encodeParts(input);
}

function isRuntime(runtime: Runtime): boolean {
  const { prepare, start, sweep } = Object(runtime) as Partial<Runtime>;
  return [prepare, start, sweep].every((each) => typeof each === 'function');
}

function isGpus(gpus: Gpus): boolean {
  if (Array.isArray(gpus)) return gpus.every((id) => typeof id === 'string');
  return gpus === 'all' || (Number.isInteger(gpus) && Number(gpus) > 0);
}

function nameOf(program: Program): string {
  if (program.kind === 'image') return program.image;
  if (program.kind === 'build') return program.build.tag ?? basename(program.build.context);
  const [first = '', ...words] = program.command;
  const at = words.findIndex((word) => !word.startsWith('-'));
  const file = words[at];
  // What stands behind -c is a program's text, and no name.
  return basename(file === undefined || CODE_NEXT.test(words[at - 1] ?? '') ? first : file);
}

function of<T>(value: PerReplica<T>, replica: number): T {
  // No T is a function.
  return typeof value === 'function' ? (value as (replica: number) => T)(replica) : value;
}

/** @throws BridgeError BRIDGE_OPTION */
function bytesOf(memory: number | string): number {
  const said = typeof memory === 'number' || typeof memory === 'string' ? String(memory) : '';
  const [, digits, suffix = ''] = /^(\d+)([bkmg]?)$/i.exec(said) ?? [];
  const bytes = Number(digits) * (SUFFIXES[suffix.toLowerCase()] ?? Number.NaN);
  if (bytes > 0) return bytes;
  const message = `memory is ${shown(memory)}: expected bytes, or a number with k, m or g behind it`;
  throw new BridgeError('BRIDGE_OPTION', message, { name: 'memory', value: memory });
}
