// The one error class of this package, and its codes on one page. What a carrier reports (TRANSPORT_…) and what is wrong
// with an array (NPY_…) reaches the caller as it was thrown; these are the errors that only this package can know.
import { bounded, quoted } from './quoted.ts';

/** What went wrong. Match on these; messages may change. */
export type BridgeErrorCode =
  /** The model answered with something that is not one whole .npy array. `cause` says what is wrong with it. */
  | 'BRIDGE_BAD_REPLY'
  /** No reply within the caller's timeout. What was begun is finished in the background. */
  | 'BRIDGE_TIMEOUT'
  /** The model has had a message for `wedgedMs`, and given no sign. */
  | 'BRIDGE_WEDGED'
  /** An array is not what the model takes or gives; `detail` has what was expected and what it is. */
  | 'BRIDGE_SCHEMA'
  /** As many calls wait as may wait. */
  | 'BRIDGE_QUEUE_FULL'
  /** The model was closed by this program before the call was begun. */
  | 'BRIDGE_CLOSED'
  /**
   * The machine does not let processes take turns at the model; or another process, or another model object of this one, has
   * had the turn for `wedgedMs` and does not hand it on (`detail.holder`: its number).
   */
  | 'BRIDGE_TURN'
  /** An option has a value that it cannot have. */
  | 'BRIDGE_OPTION'
  /** The target or address is not one that this package understands. */
  | 'BRIDGE_TARGET'
  /** A Python host sent something that is not one whole .npy array. */
  | 'BRIDGE_BAD_REQUEST'
  /** A model that was to be started, or kept alive, is not there; `detail` has how it ended and its last words. */
  | 'BRIDGE_LAUNCH';

export type BridgeFault = 'caller' | 'peer' | 'environment';

const FAULTS: Readonly<Record<BridgeErrorCode, BridgeFault>> = {
  BRIDGE_BAD_REPLY: 'peer',
  BRIDGE_TIMEOUT: 'peer',
  BRIDGE_WEDGED: 'peer',
  BRIDGE_SCHEMA: 'caller',
  BRIDGE_QUEUE_FULL: 'caller',
  BRIDGE_CLOSED: 'caller',
  BRIDGE_TURN: 'environment',
  BRIDGE_OPTION: 'caller',
  BRIDGE_TARGET: 'caller',
  BRIDGE_BAD_REQUEST: 'peer',
  BRIDGE_LAUNCH: 'peer',
};

/** Of a message, whatever it quotes. */
const MOST_CHARACTERS = 4096;

export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: BridgeErrorCode;
  /** Who can mend it. */
  readonly fault: BridgeFault;
  /** The values behind the message. Text in it is printable and short, as in the message. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(
    code: BridgeErrorCode,
    message: string,
    detail: Record<string, unknown> = {},
    options: ErrorOptions & { readonly fault?: BridgeFault } = {},
  ) {
    super(quoted(message, MOST_CHARACTERS), options);
    this.code = code;
    this.fault = options.fault ?? FAULTS[code];
    this.detail = Object.fromEntries(
      Object.entries(detail).map(([name, value]) => [name, typeof value === 'string' ? bounded(value) : value]),
    );
  }
}

/** Whether `error` was thrown by this package, in whichever copy of it; with `code`, whether it is that one. */
export function isBridgeError(error: unknown, code?: BridgeErrorCode): error is BridgeError {
  try {
    return (
      error instanceof Error &&
      error.name === 'BridgeError' &&
      (code === undefined || (error as BridgeError).code === code)
    );
  } catch {
    // A proxy may throw at whoever looks at it: whatever was thrown can be asked about here.
    return false;
  }
}
