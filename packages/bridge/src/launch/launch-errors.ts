// Says why a launched model is not available (it has ended, is silent, or did not start), in phrases, and in errors that quote the last lines
// of its output.
import { isTransportError } from '@bridge/transport';
import { retold } from '@bridge/transport/internal';
import { BridgeError, type BridgeFault, isBridgeError } from '../errors/bridge-error.ts';
import type { Ending, ModelFault } from '../errors/model-fault.ts';
import { boundedLines, quoted } from '../errors/quoted.ts';

export type { ModelFault };

/** Returns how an instance (one process or container of a model) ended, as the end of a sentence: `exited with code 1`. */
export function endingText(ending: Ending): string {
  switch (ending.how) {
    case 'exited':
      return `exited with code ${ending.code}`;
    case 'killed':
      return `was ended by ${ending.signal}`;
    case 'out of memory':
      return `was killed by the kernel, because its memory had run out${mebibytes(ending.memoryBytes)}`;
    case 'lost':
      return `is lost: ${quoted(ending.reason)}`;
  }
}

function mebibytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : ` (${Math.round(bytes / 2 ** 20)} MiB)`;
}

/** Returns what is wrong with a model, as the end of a sentence. */
export function faultText(fault: ModelFault): string {
  switch (fault.kind) {
    case 'died':
      return endingText(fault.ending);
    case 'spin': {
      const what = fault.withMessage ? 'with a message and no sign of life' : 'without a message';
      return `spins: ${percent(fault.cpuShare)} of a processor for ${seconds(fault.forMs)} ${what}`;
    }
    case 'silence':
      return `has had a message for ${seconds(fault.forMs)}, shows no sign of life and does nothing`;
    case 'drip':
      return `sent its reply too slowly, and was given up after ${fault.replyBytes} bytes of it`;
    case 'flood': {
      const mebibytes = Math.round(fault.bytesPerSecond / 2 ** 20);
      return `has written ${mebibytes} MiB a second for ${seconds(fault.forMs)}, without a message`;
    }
    case 'not ended':
      return `announced its end, and had not ended ${seconds(fault.withinMs)} later`;
    case 'deaf':
      return `is running, and has not listened on its port for ${seconds(fault.forMs)}`;
    case 'not started':
      return `could not be started: ${quoted(fault.reason, REASON_CHARACTERS)}`;
    case 'not ready':
      return `was not ready within ${seconds(fault.withinMs)}: ${fault.waitedFor}`;
  }
}

/** The longest reason in a message, in characters. The reason is an error's message, in which strings from outside are cut already. */
const REASON_CHARACTERS = 2000;

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`);

/** Facts about a launched model that its errors name. */
export interface ErrorContext {
  /** The model's name: `ml_model.py`. */
  readonly model: string;
  /** The instance's name: `process 4711`. */
  readonly instance: string;
  /** The place where the model should listen: `port 6000`. */
  readonly place: string;
  /** The last lines of the instance's output. */
  readonly lastWords: readonly string[];
  /** True if the instance has been sent the `warmUp` message. */
  readonly warmingUp?: boolean;
}

/** Returns the error for a model that did not become ready. If `cause` is a BridgeError, its `fault` is that of the new error. */
export function startError(fault: ModelFault, context: ErrorContext, cause?: unknown): BridgeError<'BRIDGE_LAUNCH'> {
  const { model, instance, lastWords } = context;
  const until = context.warmingUp ? 'it had answered `warmUp`' : 'it was ready';
  const when = fault.kind === 'died' ? ` before ${until}` : '';
  const reason = isBridgeError(cause) ? `; ${cause.message}` : '';
  const message = `${model} (${instance}) ${faultText(fault)}${when}${reason}${lastWordsText(lastWords)}${requirement(fault, context)}`;
  const options = { fault: responsible(fault, cause), ...(cause !== undefined && { cause }) };
  return new BridgeError(
    'BRIDGE_LAUNCH',
    message,
    { model, instance, fault, lastWords: boundedLines(lastWords) },
    options,
  );
}

/** Returns what launch needs, for a program that exited with code 0 before it was ready, because it may not be a server at all. */
function requirement(fault: ModelFault, { place }: ErrorContext): string {
  if (fault.kind !== 'died' || fault.ending.how !== 'exited' || fault.ending.code !== 0) return '';
  return `; launch needs a program that listens on ${place} and goes on until it is stopped. Its stdin is empty: a program that \
reads its frames there cannot be launched`;
}

/**
 * Returns the error of a start that may be tried again: another program has the model's place (`taken`), or the kernel keeps the place
 * (`kept`). Neither is a fault of the model. Returns undefined for any other error.
 */
export function placeErrorOf(error: unknown): BridgeError<'BRIDGE_LAUNCH'> | undefined {
  for (let each: unknown = error; isBridgeError(each); each = each.cause) {
    if (!isBridgeError(each, 'BRIDGE_LAUNCH')) continue;
    if (each.detail.reason === 'taken' || each.detail.reason === 'kept') return each;
  }
  return undefined;
}

/** Returns the error for a model that is given up after so many starts without an answer; `cause` is the error of the last start. */
export function givenUpError(
  fault: ModelFault,
  starts: number,
  context: ErrorContext,
  cause?: unknown,
): BridgeError<'BRIDGE_LAUNCH'> {
  const { model, instance, lastWords } = context;
  const many = starts === 1 ? '1 start' : `${starts} starts in a row`;
  const tried = `${starts === 0 ? 'not restarted' : `given up after ${many} without an answer`} (\`maxRestarts\`)`;
  const message = `${model} (${instance}) ${faultText(fault)}; ${tried}${lastWordsText(lastWords)}`;
  const detail = { model, instance, fault, starts, lastWords: boundedLines(lastWords) };
  const options = { fault: responsible(fault, cause), ...(cause !== undefined && { cause }) };
  return new BridgeError('BRIDGE_LAUNCH', message, detail, options);
}

/** Returns an error of a message that lost its connection, with how the model has ended since. */
export function withEnding(
  error: unknown,
  ending: Ending | undefined,
  { model, instance, lastWords }: ErrorContext,
): unknown {
  if (!isTransportError(error)) return error;
  // With a traceback the model has announced that it ends by an exception.
  const dying = error.detail.traceback !== undefined;
  const what = ending ? endingText(ending) : dying ? 'has not ended yet' : 'is still running';
  const lastLine = ending ? lastWordsText(lastWords) : '';
  const detail = { model, instance, lastWords: boundedLines(lastWords), ...(ending && { ending }) };
  return retold(error, `${error.message}; ${model} (${instance}) ${what}${lastLine}`, detail, { cause: error });
}

/** Returns the fault for an error of a start. */
export function faultOf(error: unknown): ModelFault {
  // `startError` puts the fault into the detail.
  const known = isBridgeError(error, 'BRIDGE_LAUNCH') ? error.detail.fault : undefined;
  const { code, message } = Object(error) as { readonly code?: string; readonly message?: string };
  return known ?? { kind: 'not started', code, reason: message ?? String(error) };
}

/** Returns the error for callers of a model that this program has stopped. */
export function stoppedError(model: string, begun = false): BridgeError {
  const when = begun ? ' before it had answered this message' : '';
  return new BridgeError('BRIDGE_CLOSED', `${model} was stopped by this program${when}`, { model, begun });
}

function responsible(fault: ModelFault, cause: unknown): BridgeFault {
  if (isBridgeError(cause)) return cause.fault;
  return fault.kind === 'died' && fault.ending.how === 'lost' ? 'environment' : 'peer';
}

/** Returns the last line that is not empty, as the end of a sentence. In a Python traceback it names the error. */
function lastWordsText(lastWords: readonly string[]): string {
  // A terminal overwrites a line after a carriage return. Only the last state of a progress bar is of use.
  const last = lastWords
    .findLast((line) => line.trim() !== '')
    ?.trimEnd()
    .split('\r')
    .at(-1);
  return last === undefined ? '; it wrote nothing' : `; its last words: ${quoted(last)}`;
}
