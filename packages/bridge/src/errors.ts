// The one error class of this package, and its codes on one page. What a carrier reports (TRANSPORT_…) and what is wrong
// with an array (NPY_…) reaches the caller as it was thrown; these are the errors that only this package can know.

/** What went wrong. Match on these; messages may change. */
export type BridgeErrorCode =
  /** The model answered with something that is not one whole .npy array. `cause` says what is wrong with it. */
  | 'BRIDGE_BAD_REPLY'
  /** No reply within the caller's timeout. What was begun is finished in the background. */
  | 'BRIDGE_TIMEOUT'
  /** The model was closed by this program before the call was begun. */
  | 'BRIDGE_CLOSED'
  /** The target or address is not one that this package understands. */
  | 'BRIDGE_TARGET'
  /** A Python host sent something that is not one whole .npy array. */
  | 'BRIDGE_BAD_REQUEST';

export type BridgeFault = 'caller' | 'peer';

const FAULTS: Readonly<Record<BridgeErrorCode, BridgeFault>> = {
  BRIDGE_BAD_REPLY: 'peer',
  BRIDGE_TIMEOUT: 'peer',
  BRIDGE_CLOSED: 'caller',
  BRIDGE_TARGET: 'caller',
  BRIDGE_BAD_REQUEST: 'peer',
};

export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: BridgeErrorCode;
  /** Who can mend it. */
  readonly fault: BridgeFault;
  /** The values behind the message. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: BridgeErrorCode, message: string, detail: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.fault = FAULTS[code];
    this.detail = detail;
  }
}

/** Whether `error` was thrown by this package, in whichever copy of it; with `code`, whether it is that one. */
export function isBridgeError(error: unknown, code?: BridgeErrorCode): error is BridgeError {
  return (
    error instanceof Error &&
    error.name === 'BridgeError' &&
    (code === undefined || (error as BridgeError).code === code)
  );
}
