// The one error class of this package, and its codes on one page. The file error-detail.ts has the detail of each code. An error
// of a carrier (TRANSPORT_…) or of an array (NPY_…) reaches the caller as it was thrown; these are the errors that only this
// package can know.
import type { Guarded, OneSided } from '@bridge/transport/internal';
import type { BridgeDetailByCode } from './error-detail.ts';
import { bounded, quoted } from './quoted.ts';

/** The kind of an error. Match on these; messages may change. */
export type BridgeErrorCode =
  /** The model answered with something that is not one whole .npy array. `cause` says what is wrong with it. */
  | 'BRIDGE_BAD_REPLY'
  /** No reply within the caller's timeout. A message that was begun is finished in the background. */
  | 'BRIDGE_TIMEOUT'
  /** The model has had a message for `wedgedMs`, and has shown no sign of life. */
  | 'BRIDGE_WEDGED'
  /** An array is not what the model takes or gives; `detail` has what was expected and what it is. */
  | 'BRIDGE_SCHEMA'
  /** The queue is full: as many calls wait as `queueLimit` allows. */
  | 'BRIDGE_QUEUE_FULL'
  /** The model was closed by this program before the call was begun. */
  | 'BRIDGE_CLOSED'
  /**
   * The machine does not let processes take turns at the model; or another process, or another model object of this one, has
   * had the turn for `wedgedMs` and does not hand it on (`detail.holder`: its pid).
   */
  | 'BRIDGE_TURN'
  /** An option has an invalid value, or a name that is not known. */
  | 'BRIDGE_OPTION'
  /** The target or address is not one that this package understands. */
  | 'BRIDGE_TARGET'
  /** A Python host sent something that is not one whole .npy array. */
  | 'BRIDGE_BAD_REQUEST'
  /** A launched model could not be started or kept alive; `detail` has how it ended and its last output. */
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

/** The longest message, in characters, whatever it quotes. */
const MAX_MESSAGE_CHARACTERS = 4096;

interface BridgeErrorOptions extends ErrorOptions {
  /** Default: the usual fault of the code. */
  readonly fault?: BridgeFault;
}

/** The detail and the options of an error. A detail whose every part is optional may be left out. */
type DetailThenOptions<D> =
  Record<never, never> extends D
    ? [detail?: D, options?: BridgeErrorOptions]
    : [detail: D, options?: BridgeErrorOptions];

/** An error of this package. Its code says what its detail holds: `BridgeError<'BRIDGE_TIMEOUT'>`. */
export class BridgeError<C extends BridgeErrorCode = BridgeErrorCode> extends Error {
  override readonly name = 'BridgeError';
  readonly code: C;
  /** The side that can mend it. */
  readonly fault: BridgeFault;
  /** The values that the message names, for programs. Text in it is printable and short, as in the message. */
  readonly detail: BridgeDetailByCode[C];

  constructor(code: C, message: string, ...rest: DetailThenOptions<BridgeDetailByCode[C]>);
  constructor(code: C, message: string, detail: object = {}, options: BridgeErrorOptions = {}) {
    super(quoted(message, MAX_MESSAGE_CHARACTERS), options);
    this.code = code;
    this.fault = options.fault ?? FAULTS[code];
    const entries = Object.entries(detail).map(([name, value]) => [
      name,
      typeof value === 'string' ? bounded(value) : value,
    ]);
    // The cast: the signature above, which callers see, has held the detail against the code.
    this.detail = Object.fromEntries(entries) as BridgeDetailByCode[C];
  }

  /** Tells the compiler that `instanceof` narrows as `isBridgeError` does. */
  declare static readonly [Symbol.hasInstance]: (value: unknown) => value is AnyBridgeError;
}

/**
 * An error of one of the given codes. Its code says what its detail holds.
 * @example
 * function complain(error: AnyBridgeError) {
 *   if (error.code === 'BRIDGE_TIMEOUT') console.log(error.detail.begun);
 * }
 */
export type AnyBridgeError<C extends BridgeErrorCode = BridgeErrorCode> = { [K in C]: BridgeError<K> }[C];

/**
 * Returns whether `error` is an error of any copy of this package, and has the code if one is given.
 * @example
 * if (isBridgeError(error, 'BRIDGE_TIMEOUT')) console.log(error.detail.begun);
 */
export function isBridgeError<C extends BridgeErrorCode>(
  error: unknown,
  code: C,
): error is Guarded<AnyBridgeError<C>, C>;
export function isBridgeError(error: unknown, code: BridgeErrorCode | undefined): error is OneSided<AnyBridgeError>;
export function isBridgeError(error: unknown): error is AnyBridgeError;
export function isBridgeError(error: unknown, code?: BridgeErrorCode): boolean {
  // `filter` passes an index in place of a code.
  const isAny = typeof code !== 'string';
  try {
    return error instanceof Error && error.name === 'BridgeError' && (isAny || (error as BridgeError).code === code);
  } catch {
    // A handler may throw anything, also a proxy that throws when it is looked at.
    return false;
  }
}

/** Returns an error of the same code, fault and cause with a sentence behind its message, which is `detail.hint`, too. */
export function withHint(error: AnyBridgeError, hint: string): AnyBridgeError {
  const { code, message, detail, fault, cause } = error;
  // The casts: what a detail has stays, whichever code it is.
  const more = { ...detail, hint } as BridgeDetailByCode[typeof code];
  return new BridgeError(code, `${message}; ${hint}`, more, { fault, cause }) as AnyBridgeError;
}
