// The error class of this package, and its codes on one page. The file error-detail.ts has the detail of each code. Errors of a carrier
// (TRANSPORT_…) or of an array (NPY_…) reach the caller as they were thrown; the codes here are for what only this package can know.
import type { Guarded, OneSided } from '@bridge/transport/internal';
import type { BridgeDetailByCode } from './error-detail.ts';
import { bounded, quoted } from './quoted.ts';

/** The kind of an error. Programs should match codes, because messages may change. */
export type BridgeErrorCode =
  /** The model's reply is not one whole message of the codec. `cause` says what is wrong with it. */
  | 'BRIDGE_BAD_REPLY'
  /** No reply arrived within the caller's timeout. A message that was begun is finished in the background. */
  | 'BRIDGE_TIMEOUT'
  /** The model has had a message for `wedgedMs`, and has shown no sign of life since. */
  | 'BRIDGE_WEDGED'
  /** An array is not what was declared, or not what the codec or dialect can carry; `detail` has what was expected and what was found. */
  | 'BRIDGE_SCHEMA'
  /** The queue is full: as many calls wait as `queueLimit` allows. */
  | 'BRIDGE_QUEUE_FULL'
  /** This program closed the model before the call's message was begun, or before its reply arrived (`detail.begun`). */
  | 'BRIDGE_CLOSED'
  /**
   * Processes cannot take turns at the model on this machine; or another process, or another model object of this process, has had
   * the turn for `wedgedMs` and does not hand it on (`detail.holder`: the number of its process).
   */
  | 'BRIDGE_TURN'
  /** An option has an invalid value, or its name is unknown. */
  | 'BRIDGE_OPTION'
  /** The target or address is not of a form that this package knows. */
  | 'BRIDGE_TARGET'
  /** A host's request is not one whole message of the codec. `cause` says what is wrong with it. */
  | 'BRIDGE_BAD_REQUEST'
  /** A launched model could not be started or kept alive; `detail` has how it ended and its last lines of output. */
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

/** The longest message of an error, in characters. */
const MAX_MESSAGE_CHARACTERS = 4096;

interface BridgeErrorOptions extends ErrorOptions {
  /** Default: the usual fault of the code. */
  readonly fault?: BridgeFault;
}

/** The arguments `detail` and `options` of an error. `detail` may be left out if all of its parts are optional. */
type DetailThenOptions<D> =
  Record<never, never> extends D
    ? [detail?: D, options?: BridgeErrorOptions]
    : [detail: D, options?: BridgeErrorOptions];

/** An error of this package. Its code gives its detail a type: `BridgeError<'BRIDGE_TIMEOUT'>`. */
export class BridgeError<C extends BridgeErrorCode = BridgeErrorCode> extends Error {
  override readonly name = 'BridgeError';
  readonly code: C;
  /** The side that can remedy the error. */
  readonly fault: BridgeFault;
  /** The values that the message names, for programs. Strings in it are printable and short, as in the message. */
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
    // The cast: the constructor's signature above has checked the detail against the code.
    this.detail = Object.fromEntries(entries) as BridgeDetailByCode[C];
  }

  /** Tells the compiler that `instanceof` narrows as `isBridgeError` does. */
  declare static readonly [Symbol.hasInstance]: (value: unknown) => value is AnyBridgeError;
}

/**
 * An error of one of the given codes. Its code gives its detail a type.
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
  // In `errors.filter(isBridgeError)` the second argument is an index.
  const isAny = typeof code !== 'string';
  return error instanceof Error && error.name === 'BridgeError' && (isAny || (error as BridgeError).code === code);
}

/** Returns an error of the same code, fault and cause, with `hint` at the end of its message and in `detail.hint`. */
export function withHint(error: AnyBridgeError, hint: string): AnyBridgeError {
  const { code, message, detail, fault, cause } = error;
  // The casts: the detail keeps its values, whatever the code is.
  const more = { ...detail, hint } as BridgeDetailByCode[typeof code];
  return new BridgeError(code, `${message}; ${hint}`, more, { fault, cause }) as AnyBridgeError;
}
