// The types of an error's detail, by the error's code. Strings in it are printable and short.
import type { DTypeName } from '@bridge/npy';
import type { ModelFault } from './model-fault.ts';

/** The `detail` of each code. An optional part is present only if it says something about the failure at hand. */
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

/** Parts that the detail of any code may have. */
interface CommonDetail {
  /** A guess at what is wrong. */
  readonly hint?: string;
}

/** The detail for a message that its codec cannot read. The error's `cause` is the codec's error. */
interface BadMessageDetail extends CommonDetail {
  /** The size of the message, if all of it arrived. */
  readonly bytes?: number;
  /** The code of `cause`, if it has one: `'NPY_TRUNCATED'`. */
  readonly why?: unknown;
  /** The first bytes of the message, in hexadecimal, or the kind of value that was found, if `cause` has it. */
  readonly found?: unknown;
  /** The expected and the actual value, if `cause` has them. */
  readonly expected?: unknown;
  readonly actual?: unknown;
}

interface BadReplyDetail extends BadMessageDetail {
  /** The target that sent the reply. */
  readonly target?: string;
}

interface BadRequestDetail extends BadMessageDetail {
  /** The address of the host that sent the request. */
  readonly peer?: string;
}

interface TimeoutDetail extends CommonDetail {
  readonly timeoutMs: number;
  /** True if the message was begun: its connection was being opened, or later. Such a message is finished in the background. */
  readonly begun: boolean;
  /** The number of other calls that wait. */
  readonly queued: number;
}

interface WedgedDetail extends CommonDetail {
  readonly target?: string | undefined;
  /** Milliseconds since the model's last sign of life. */
  readonly silentMs: number;
  /** True if the model has had this call's message, false if the model has had another one. */
  readonly begun: boolean;
  /** The last lines of a launched model's output. */
  readonly lastWords?: readonly string[];
}

interface SchemaDetail extends CommonDetail {
  /** `input`: what a caller gave; `output`: what a model answered; `request`: what a host sent. */
  readonly side: 'input' | 'output' | 'request';
  /** The dtype and the shape that were declared, or the names of the arrays that were declared. */
  readonly expected?: KindOrNames;
  /** The dtype and the shape of the array, or the names of the arrays, in the message. */
  readonly actual?: KindOrNames;
  /** The name of the array, if the codec carries arrays by name. */
  readonly array?: string;
  /** The dialect that cannot carry such an array. */
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
  /** The name of the launched model that was stopped. */
  readonly model?: string;
  /** True if the message was begun: its connection was being opened, or later. */
  readonly begun: boolean;
}

interface TurnDetail extends CommonDetail {
  readonly target: string;
  /** Milliseconds for which another process, or another model object of this process, has had the turn. */
  readonly heldMs?: number;
  /** The number of the process that has the turn, if it is known. */
  readonly holder?: number | undefined;
}

interface OptionDetail extends CommonDetail {
  /** The option, or the part of it, that has an invalid value; the name that is unknown. */
  readonly name?: string;
  readonly value?: unknown;
  /** The values that would be valid, or, if the name is unknown, the known names. */
  readonly expected?: string | readonly string[];
  /** The known name that the user probably meant. */
  readonly nearest?: string;
  /** The options that a launched program may not have. */
  readonly names?: readonly string[];
}

interface TargetDetail extends CommonDetail {
  /** The target or address whose form is not known. */
  readonly target?: unknown;
}

/** The reason for which a model could not be launched, for the failures that programs may want to tell apart. */
export type LaunchReason =
  /** Another program listens at the model's address. */
  | 'taken'
  /** The kernel keeps the model's address for a connection that has ended. */
  | 'kept'
  /** The package dockerode is not installed. */
  | 'no-client'
  /** No engine answers. */
  | 'no-engine'
  /** There is no such image. */
  | 'no-image'
  /** The image could not be built. */
  | 'build'
  /** The engine refused to create or to start the container. */
  | 'refused'
  /** The port of the container cannot be reached from the host. */
  | 'no-route';

interface LaunchDetail extends CommonDetail {
  readonly reason?: LaunchReason;
  /** The model's name. */
  readonly model?: string;
  /** The model's process or container. */
  readonly instance?: string;
  /** The model's fault: how it ended, or what it did instead of answering. */
  readonly fault?: ModelFault;
  /** The last lines of the model's output. */
  readonly lastWords?: readonly string[];
  /** The number of failed starts in a row. */
  readonly starts?: number;
  /** The port or the path at which the model should listen, and the address at which another program listens. */
  readonly port?: number;
  readonly path?: string;
  readonly address?: string;
  /** The process that has the address, if it is known. */
  readonly owner?: { readonly pid: number; readonly name: string } | undefined;
  /** Seconds for which the kernel keeps the address. */
  readonly seconds?: number;
  /** The command that could not be started, and its working directory. */
  readonly command?: readonly string[];
  readonly cwd?: string | undefined;
  /** The operating system, on which models cannot be launched. */
  readonly platform?: string;
  /** The folder for launches that cannot be used, or what is wrong with each folder that was tried. */
  readonly folder?: string;
  readonly problems?: readonly string[];
  /** The address of the Docker Engine, and the HTTP status with which it refused. */
  readonly where?: string;
  readonly status?: number | undefined;
  readonly image?: string;
  readonly container?: string;
  /** The addresses at which the container listens. */
  readonly listening?: object;
  /** The folder that should be built, and the last lines of the build's output. */
  readonly context?: string;
  readonly dockerfile?: string;
  readonly lines?: readonly string[];
}
