// Waits until a model that was started is ready: the kernel says that it listens on its port, its lane is open if it has one, and it has
// answered its first message if one was given. If the model ends, so does the wait. The error says why the model is not ready, with its
// last lines of output.
import type { Message } from '@bridge/transport';
import { unlessAborted } from '@bridge/transport/internal';
import { isBridgeError } from '../../errors/bridge-error.ts';
import { quoted } from '../../errors/quoted.ts';
import { atMost } from '../../platform/at-most.ts';
import { after } from '../../platform/deadline.ts';
import { type ErrorContext, faultOf, type ModelFault, startError } from '../launch-errors.ts';
import type { Instance, Listening } from '../runtime.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';

export interface ReadyOptions extends Omit<EndpointOptions, 'listening' | 'instance'> {
  readonly readyTimeoutMs: number;
  /** A message that the model has to answer before it counts as ready. */
  readonly warmUp: Message | undefined;
  readonly errorContext: () => ErrorContext;
}

/** The pause between two looks at the kernel's tables: at first, at last, and the factor by which it grows. */
const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 50;
const STEP = 1.2;
/** Milliseconds after which the log says that a model listens elsewhere. The limit for becoming ready may be minutes. */
const TELL_MS = 5000;
/** Milliseconds to wait for the end of a model that has lost the connection of its first message. */
const DYING_MS = 500;

/**
 * Resolves with the endpoint of an instance once it is ready.
 * @throws BridgeError BRIDGE_LAUNCH, with `detail.fault`; `signal.reason` when aborted
 */
export async function becomeReady(instance: Instance, options: ReadyOptions, signal: AbortSignal): Promise<Endpoint> {
  const { readyTimeoutMs, warmUp, errorContext, log } = options;
  const { place } = errorContext();
  let waitedFor = `it does not listen on ${place}`;
  let warmingUp = false;
  const ending = new AbortController();
  let listening: Listening | undefined;
  const end = async (fault: ModelFault): Promise<void> => {
    const taken = listening ? undefined : await instance.portTaken?.(errorContext().lastWords).catch(() => undefined);
    ending.abort(startError(fault, { ...errorContext(), warmingUp }, taken));
  };
  const late = async (): Promise<void> => {
    const elsewhere = listening ? undefined : await listensElsewhere(instance, place);
    await end({ kind: 'not ready', withinMs: readyTimeoutMs, waitedFor: elsewhere ?? waitedFor });
  };
  const inTime = after(readyTimeoutMs, () => void late());
  const tell = async (): Promise<void> => {
    const elsewhere = listening ? undefined : await listensElsewhere(instance, place);
    if (elsewhere !== undefined && !ending.signal.aborted) log.note(`${instance.name} is not ready yet: ${elsewhere}`);
  };
  const notTold = after(TELL_MS, () => void tell());
  const follow = (): void => ending.abort(signal.reason);
  signal.addEventListener('abort', follow, { once: true });
  if (signal.aborted) follow();
  const died = instance.ended.then((how) => end({ kind: 'died', ending: how }));
  let opening: Promise<Endpoint> | undefined;
  let endpoint: Endpoint | undefined;
  try {
    listening = await untilListening(instance, ending.signal, (error) => {
      waitedFor = `the kernel's tables do not show whether it listens on ${place}: ${error.message}`;
    });
    waitedFor = `it listens on ${place}, but its lane (the fast path) or the way to its port is not open`;
    opening = Endpoint.open({ ...options, instance, listening }, ending.signal);
    // The lane or the route to the port may take long to open (docker exec has to start a relay), so the wait ends when the start does.
    endpoint = await unlessAborted(opening, ending.signal);
    if (warmUp) {
      waitedFor = 'its first message (`warmUp`) is not answered';
      warmingUp = true;
      await unlessAborted(endpoint.exchange(warmUp, {}), ending.signal);
    }
    // The instance may have ended during these steps.
    ending.signal.throwIfAborted();
    return endpoint;
  } catch (error) {
    void opening?.then(
      (opened) => opened.close(),
      () => {},
    );
    // If the connection was lost during the first message, the model is probably ending, and that shows in a moment.
    if (endpoint) await atMost(died, DYING_MS);
    ending.signal.throwIfAborted();
    if (isBridgeError(error)) throw error;
    throw startError(faultOf(error), errorContext(), error);
  } finally {
    inTime();
    notTold();
    signal.removeEventListener('abort', follow);
  }
}

/**
 * Resolves when the instance listens.
 * @param onUnseen called with the error if the kernel's tables cannot be read
 */
async function untilListening(
  instance: Instance,
  signal: AbortSignal,
  onUnseen: (error: Error) => void,
): Promise<Listening> {
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LAST_LOOK_MS, lookMs * STEP)) {
    const listening = await unlessAborted(instance.listening().catch(onUnseen), signal);
    if (listening) return listening;
    await unlessAborted(new Promise((resolve) => setTimeout(resolve, lookMs)), signal);
  }
}

/**
 * Resolves with the place where the model listens instead and what to do about it; with undefined if it listens nowhere else, or if that
 * is not known.
 */
async function listensElsewhere(instance: Instance, place: string): Promise<string | undefined> {
  // The place only makes the message better, so an error of a runtime has no effect.
  const others = (await instance.listensElsewhere?.().catch(() => undefined)) ?? [];
  if (others.length === 0) return undefined;
  const where = quoted(others.join(', '));
  return `it does not listen on ${place}, but on ${where}: set \`port\` to that one, or have the program listen on ${place}`;
}
