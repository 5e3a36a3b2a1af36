// Checks the options of a launch and fills in the defaults. Makes the plan of each replica from them: the program, its port, its
// environment and its resources.
import { resolve } from 'node:path';
import type { ArrayInput } from '@bridge/npy';
import { describeValue, type Message, type ReplyLimits } from '@bridge/transport';
import { encodeChecked } from '../../codecs/checked-messages.ts';
import type { CheckedDialect } from '../../dialects/check-dialect.ts';
import { BridgeError } from '../../errors/bridge-error.ts';
import { checkFunction, checkMs, checkOption, type Names, optionsOf } from '../../errors/options.ts';
import { checkCallOptions } from '../../targets/stream-call-options.ts';
import type { LaunchEvent } from '../replica/state.ts';
import type { Plan, Program, Runtime } from '../runtime.ts';
import { bytesOf, checkEnv, checkGpus, checkMounts } from './plan-options.ts';
import { forReplica, nameOf, programOf } from './program.ts';
import type { CommandSpec, ImageBuildSpec, ImageSpec, LaunchOptions, LaunchSpec } from './spec.ts';

/** The checked options of a launch, with the defaults. */
export interface CheckedSpec {
  readonly program: Program;
  readonly name: string;
  readonly replicas: number;
  readonly dialect: CheckedDialect;
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
   * Returns the plans of so many replicas, from number 0.
   * @throws BridgeError BRIDGE_OPTION
   */
  plans(launch: string, replicas: number, program: Program): Omit<Plan, 'lane'>[];
}

type AnySpec = LaunchOptions & Partial<CommandSpec & Omit<ImageSpec & ImageBuildSpec, 'port'>>;

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
  readyTimeoutMs: true,
  graceMs: true,
  maxRestarts: true,
  spinMs: true,
  logBytes: true,
  name: true,
  onEvent: true,
  signal: true,
  runtime: true,
};
const LANE: Names<{ readonly lean: boolean }> = { lean: true };

const MAX_PORT = 65_535;
/** The most bytes in the path of a Unix socket. */
const MOST_PATH_BYTES = 107;
/** The most replicas, as a safeguard against mistakes: more models would overload one machine. */
const MOST_REPLICAS = 1000;

/**
 * Checks all options, those of each replica included, before anything is built or started.
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION for an invalid limit; NpyError for an invalid `warmUp`
 */
export function checkSpec(given: LaunchSpec): CheckedSpec {
  checkOption('spec', given, typeof given === 'object' && given !== null, 'an object with command, image or build');
  // The cast is safe: options that exclude each other are checked below.
  const spec = optionsOf<AnySpec>('spec', given, SPEC) as LaunchSpec;
  const { replicas = 1, lane = true, graceMs = 1000, maxRestarts = 5, signal, runtime } = spec;
  const { readyTimeoutMs = 120_000, spinMs = 30_000, logBytes = 2 ** 20, shared = true, onEvent = () => {} } = spec;
  const program = programOf(spec, 0);
  const { name = nameOf(program) } = spec;
  checkReplicas(replicas);
  const { dialect, limits } = checkCallOptions(spec);
  // Supervision needs replies: an answer is the sign that a model works.
  checkOption('dialect', dialect.name, !dialect.reply.carriesNothing, 'a dialect with replies');
  checkOption('maxRestarts', maxRestarts, Number.isInteger(maxRestarts) && maxRestarts >= 0, 'a whole number from 0');
  checkOption('logBytes', logBytes, Number.isInteger(logBytes) && logBytes > 0, 'bytes from 1');
  checkMs('readyTimeoutMs', readyTimeoutMs);
  checkMs('graceMs', graceMs);
  checkMs('spinMs', spinMs);
  checkFunction('onEvent', onEvent);
  checkOption('lane', lane, typeof lane === 'boolean' || typeof lane === 'object', 'true, false or { lean }');
  const lean = typeof lane === 'boolean' ? false : optionsOf('lane', lane, LANE).lean;
  checkOption('lane.lean', lean, typeof lean === 'boolean', 'true or false');
  checkOption('shared', shared, typeof shared === 'boolean', 'true or false');
  checkOption('name', name, typeof name === 'string', 'a string');
  checkOption('signal', signal, signal === undefined || isSignal(signal), 'an AbortSignal');
  checkOption('runtime', runtime, runtime === undefined || isRuntime(runtime), 'a runtime');
  const gpus = checkGpus(spec.gpus);
  const mounts = checkMounts(spec.mounts);
  const memoryBytes = spec.memory === undefined ? undefined : bytesOf(spec.memory);
  const plan = (launch: string, replica: number, prepared: Program): Omit<Plan, 'lane'> => {
    const { port, path } = placeOf(forReplica<number | string | undefined>('port', spec.port, replica), prepared);
    const env = { PYTHONUNBUFFERED: '1', ...checkEnv(forReplica('env', spec.env, replica)) };
    const { command } = programOf(spec, replica);
    const own = command === undefined ? prepared : ({ ...prepared, command } as Program);
    return { launch, replica, program: own, port, path, env, mounts, memoryBytes, gpus };
  };
  const plansOf = (launch: string, count: number, prepared: Program): Omit<Plan, 'lane'>[] => {
    const plans = Array.from({ length: count }, (_, replica) => plan(launch, replica, prepared));
    checkPorts(plans);
    return plans;
  };
  const checked: CheckedSpec = {
    program,
    name,
    replicas,
    dialect,
    limits,
    shared,
    lane: lane === false ? undefined : { lean: lean === true },
    warmUp: spec.warmUp === undefined ? undefined : warmUpOf(dialect, spec.warmUp),
    readyTimeoutMs,
    graceMs,
    maxRestarts,
    spinMs,
    logBytes,
    // An error that onEvent throws becomes an unhandled rejection, like that of an onError, and does not disturb the launch.
    onEvent: (event) => void Promise.resolve(event).then(onEvent),
    signal,
    runtime,
    plans(launch, count, prepared) {
      const plans = plansOf(launch, count, prepared);
      checkKnownPort(plans, prepared);
      return plans;
    },
  };
  plansOf('', replicas, program);
  return checked;
}

/**
 * Returns the port, or the path of the Unix socket, in the option `port`. Without the option, returns the port of an image that exposes
 * exactly one, and 0 if that is not known yet.
 * @throws BridgeError BRIDGE_OPTION for an invalid port or path
 */
function placeOf(given: number | string | undefined, program: Program): Pick<Plan, 'port' | 'path'> {
  if (given === undefined && program.kind !== 'command') {
    const { exposedPorts = [] } = program.kind === 'image' ? program : {};
    return { port: exposedPorts.length === 1 ? (exposedPorts[0] ?? 0) : 0, path: undefined };
  }
  if (typeof given !== 'string') {
    const either = program.kind === 'command' ? ', or the path of a Unix socket' : '';
    const port = given ?? 0;
    const holds = Number.isInteger(port) && port > 0 && port <= MAX_PORT;
    checkOption('port', given, holds, `a port from 1 to ${MAX_PORT}${either}`);
    return { port, path: undefined };
  }
  const hasSlash = given.includes('/') || given.startsWith('@');
  const expected = `a port from 1 to ${MAX_PORT}, the path of a Unix socket (with a / in it), or an abstract socket's name (@ and more characters)`;
  checkOption('port', given, hasSlash && given !== '@' && !given.includes('\0'), expected);
  checkOption(
    'port',
    given,
    program.kind === 'command',
    'a port: only a plain process (`command`) may listen on a Unix socket',
  );
  const path = given.startsWith('@') ? given : resolve(program.kind === 'command' ? (program.cwd ?? '') : '', given);
  const fits = Buffer.byteLength(path) <= MOST_PATH_BYTES;
  checkOption('port', given, fits, `a path of at most ${MOST_PATH_BYTES} bytes, as Unix sockets have`);
  return { port: 0, path };
}

/** @throws BridgeError BRIDGE_OPTION if the option `port` is missing and the image does not expose exactly one port */
function checkKnownPort(plans: readonly Pick<Plan, 'port' | 'path'>[], prepared: Program): void {
  if (prepared.kind !== 'image' || plans.every(({ port, path }) => port > 0 || path !== undefined)) return;
  const { image, exposedPorts = [] } = prepared;
  const exposed = exposedPorts.length === 0 ? 'no TCP port' : `the TCP ports ${exposedPorts.join(', ')}`;
  const message = `port is missing, and the image ${image} exposes ${exposed}: say on which port the model listens`;
  throw new BridgeError('BRIDGE_OPTION', message, { name: 'port', expected: `a port, 1 to ${MAX_PORT}` });
}

/** @throws BridgeError BRIDGE_OPTION unless `replicas` is a whole number, 1 to 1000 */
export function checkReplicas(replicas: number): void {
  checkOption(
    'replicas',
    replicas,
    Number.isInteger(replicas) && replicas > 0 && replicas <= MOST_REPLICAS,
    `a whole number, 1 to ${MOST_REPLICAS}`,
  );
}

/** @throws BridgeError BRIDGE_OPTION if two plain processes have the same port or path, because they share those of this machine */
function checkPorts(plans: readonly Pick<Plan, 'port' | 'path' | 'program'>[]): void {
  const ports = plans.filter(({ program }) => program.kind === 'command').map(({ port, path }) => path ?? port);
  const twice = ports.find((port, i) => ports.indexOf(port) !== i);
  if (twice === undefined) return;
  if (typeof twice === 'string') {
    const message = `two replicas on the Unix socket ${describeValue(twice)}: give each its own, port: (i) => \`/run/model-\${i}.sock\`, and tell \
the program of it by env or command`;
    throw new BridgeError('BRIDGE_OPTION', message, { name: 'port', value: twice });
  }
  const message = `two replicas on port ${twice}: plain processes share this machine's ports. Give each its own, port: (i) => \
${twice} + i, and tell the program of it by env or command; a program that knows no other port needs a container for each`;
  throw new BridgeError('BRIDGE_OPTION', message, { name: 'port', value: twice });
}

/** @throws NpyError if the codec cannot encode `input` */
function warmUpOf({ codec, request }: CheckedDialect, input: ArrayInput): Message {
  return encodeChecked(codec.request, input, request.maxMessageBytes ?? Number.POSITIVE_INFINITY).message;
}

function isRuntime({ prepare, start, sweep }: Runtime): boolean {
  return [prepare, start, sweep].every((each) => typeof each === 'function');
}

function isSignal(signal: AbortSignal): boolean {
  return typeof signal.aborted === 'boolean' && signal instanceof AbortSignal;
}
