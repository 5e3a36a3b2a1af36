// The types of an error's detail, by the error's code. Texts in it are printable and short.
import type { DTypeName } from '@bridge/npy';
import type { ModelFault } from './model-fault.ts';

/** The `detail` of each code. Each optional part is present only where it belongs to what went wrong. */
export interface BridgeDetailByCode {
  BRIDGE_BAD_REPLY: BadReplyDetail;
  BRIDGE_TIMEOUT: TimeoutDetail;
  BRIDGE_WEDGED: WedgedDetail;
  BRIDGE_SCHEMA: SchemaDetail;
  BRIDGE_QUEUE_FULL: QueueFullDetail;
  BRIDGE_CLOSED: ModelClosedDetail;
  BRIDGE_TURN: TurnDetail;
  BRIDGE_OPTION: OptionDetail;
  BRIDGE_TARGET: TargetDetail;
  BRIDGE_BAD_REQUEST: BadRequestDetail;
  BRIDGE_LAUNCH: LaunchDetail;
}

/** Details that an error of any code may have. */
interface CommonDetail {
  /** A guess at what is wrong. */
  readonly hint?: string;
}

/** A message that its codec cannot read. `cause` has what the codec said. */
interface BadMessageDetail extends CommonDetail {
  /** Bytes of the message, if it came whole. */
  readonly bytes?: number;
  /** The code of `cause`, if it has one: `'NPY_TRUNCATED'`. */
  readonly why?: unknown;
  /** The first bytes that came, in hexadecimal, or the kind of value that came, if `cause` says so. */
  readonly found?: unknown;
  /** The expected and the actual value, if `cause` says so. */
  readonly expected?: unknown;
  readonly actual?: unknown;
}

interface BadReplyDetail extends BadMessageDetail {
  /** The target whose reply it is. */
  readonly target?: string;
}

interface BadRequestDetail extends BadMessageDetail {
  /** The address of the host whose request it is. */
  readonly peer?: string;
}

interface TimeoutDetail extends CommonDetail {
  readonly timeoutMs: number;
  /** True if the message was begun. A message that was begun is finished in the background. */
  readonly begun: boolean;
  /** The number of other calls that wait. */
  readonly queued: number;
}

interface WedgedDetail extends CommonDetail {
  readonly target?: string | undefined;
  /** Milliseconds since the last sign of the model. */
  readonly silentMs: number;
  /** True if the model has had this message, false if it has had another one. */
  readonly begun: boolean;
  /** The last lines that a launched model wrote. */
  readonly lastWords?: readonly string[];
}

interface SchemaDetail extends CommonDetail {
  /** `input`: what a caller gave; `output`: what a model answered; `request`: what a host sent. */
  readonly side: 'input' | 'output' | 'request';
  /** The dtype and shape that were declared, or the names of the arrays that were declared. */
  readonly expected?: KindOrNames;
  /** The dtype and shape, or the names, that came. */
  readonly actual?: KindOrNames;
  /** The name of the array, if the codec carries names. */
  readonly array?: string;
  /** The dialect that does not carry such an array. */
  readonly dialect?: string;
  /** The address of the host that sent the request. */
  readonly peer?: string;
}

type KindOrNames =
  | { readonly dtype?: DTypeName | undefined; readonly shape?: readonly (number | null)[] | undefined }
  | readonly string[];

interface QueueFullDetail extends CommonDetail {
  readonly queueLimit: number;
}

interface ModelClosedDetail extends CommonDetail {
  /** The targets of the model that was closed. */
  readonly target?: string;
  /** The launched model that was stopped. */
  readonly model?: string;
  /** True if the message was begun. */
  readonly begun: boolean;
}

interface TurnDetail extends CommonDetail {
  readonly target: string;
  /** Milliseconds for which another process, or another model of this program, has had the turn. */
  readonly heldMs?: number;
  /** The number of the process that has the turn, if it is known. */
  readonly holder?: number | undefined;
}

interface OptionDetail extends CommonDetail {
  /** The option, or the part of it, that has a wrong value; a name that is unknown. */
  readonly name?: string;
  readonly value?: unknown;
  /** The values that would be valid; the known names, if the name is unknown. */
  readonly expected?: string | readonly string[];
  /** The name that was probably meant. */
  readonly nearest?: string;
  /** Names of options that the program cannot have. */
  readonly names?: readonly string[];
}

interface TargetDetail extends CommonDetail {
  /** The target or address that is not understood. */
  readonly target?: unknown;
}

/** Why a model could not be launched, where programs may want to tell it apart. */
export type LaunchReason =
  /** Another program listens at the model's address. */
  | 'taken'
  /** The kernel keeps the model's address for a connection that has ended. */
  | 'kept'
  /** The package dockerode is not installed. */
  | 'no-client'
  /** No engine answers. */
  | 'no-engine'
  /** The engine has no such image. */
  | 'no-image'
  /** The image could not be built. */
  | 'build'
  /** The engine refused to make or to start the container. */
  | 'refused'
  /** The host cannot reach the port. */
  | 'no-route';

interface LaunchDetail extends CommonDetail {
  readonly reason?: LaunchReason;
  /** The model's name, and its process or container. */
  readonly model?: string;
  readonly instance?: string;
  /** The fault of the model: how it ended, or what it did in place of answering. */
  readonly fault?: ModelFault;
  /** The last lines that the model wrote. */
  readonly lastWords?: readonly string[];
  /** The number of starts in a row that failed. */
  readonly starts?: number;
  /** The place at which the model was to listen, and the address on which another program listens. */
  readonly port?: number;
  readonly path?: string;
  readonly address?: string;
  /** The process that has the address, if it can be seen. */
  readonly owner?: { readonly pid: number; readonly name: string } | undefined;
  /** Seconds for which the kernel keeps the address. */
  readonly seconds?: number;
  /** The command that could not be started, and its folder. */
  readonly command?: readonly string[];
  readonly cwd?: string | undefined;
  /** The operating system on which it cannot be launched. */
  readonly platform?: string;
  /** The folder of launches that cannot be used, or what is wrong with each that was tried. */
  readonly folder?: string;
  readonly problems?: readonly string[];
  /** The address of the Docker Engine, and the HTTP status with which it refused. */
  readonly where?: string;
  readonly status?: number | undefined;
  readonly image?: string;
  readonly container?: string;
  /** The addresses on which the container listens. */
  readonly listening?: object;
  /** The folder that was to be built, and the last lines of the build. */
  readonly context?: string;
  readonly dockerfile?: string;
  readonly lines?: readonly string[];
}
