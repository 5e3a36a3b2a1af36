// When a model that was started is ready: its port is listened on, as the kernel tells; its lane is open, where it has one; and
// where one was given, a first message was answered. Whatever ends the waiting says why: a death at once, with its last words.
import type { Message } from '@bridge/transport';
import { isBridgeError } from '../../errors/bridge-error.ts';
import { quoted } from '../../errors/quoted.ts';
import { atMost } from '../../platform/at-most.ts';
import { after } from '../../platform/deadline.ts';
import { type About, faultOf, type ModelFault, startError } from '../errors.ts';
import type { Instance, Listening } from '../runtime.ts';
import { Line, type LineOptions } from './endpoint.ts';

export interface ReadyOptions extends Omit<LineOptions, 'listening' | 'instance'> {
  readonly readyTimeoutMs: number;
  /** A message to be answered first. */
  readonly warmUp: Message | undefined;
  readonly about: () => About;
}

/** How often the kernel is asked: at first, and at last. */
const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 50;
const STEP = 1.2;
/** A model that listens elsewhere for so long is told of: the time in which it has to be ready may be minutes. */
const TELL_MS = 5000;
/** How long a model that did not answer its first message is given to be seen dying of it. */
const DYING_MS = 500;

/** @throws BridgeError BRIDGE_LAUNCH, with `detail.fault`; `signal.reason` */
export async function becomeReady(instance: Instance, options: ReadyOptions, signal: AbortSignal): Promise<Line> {
  const { readyTimeoutMs, warmUp, about, log } = options;
  const { place } = about();
  let waitedFor = `it does not listen on ${place}`;
  let warmingUp = false;
  const ending = new AbortController();
  let listening: Listening | undefined;
  const end = async (fault: ModelFault): Promise<void> => {
    const taken = listening ? undefined : await instance.portTaken?.(about().lastWords);
    ending.abort(startError(fault, { ...about(), warmingUp }, taken));
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
  let line: Line | undefined;
  try {
    listening = await untilListening(instance, ending.signal, (error) => {
      waitedFor = `whether it listens on ${place} cannot be seen: ${error.message}`;
    });
    waitedFor = `it listens on ${place}, and its lane is not open`;
    line = await Line.open({ ...options, instance, listening }, ending.signal);
    if (warmUp) {
      waitedFor = 'its first message (`warmUp`) is not answered';
      warmingUp = true;
      await orAborted(line.exchange(warmUp, {}), ending.signal);
    }
    // It may have ended while its way was looked for.
    ending.signal.throwIfAborted();
    return line;
  } catch (error) {
    void line?.close();
    // A connection that is lost under the first message is a death that shows in a moment.
    if (line) await atMost(died, DYING_MS);
    ending.signal.throwIfAborted();
    if (isBridgeError(error)) throw error;
    throw startError(faultOf(error), about(), error);
  } finally {
    inTime();
    notTold();
    signal.removeEventListener('abort', follow);
  }
}

/** @param onUnseen told of what keeps that from being seen */
async function untilListening(
  instance: Instance,
  signal: AbortSignal,
  onUnseen: (error: Error) => void,
): Promise<Listening> {
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LAST_LOOK_MS, lookMs * STEP)) {
    const listening = await orAborted(instance.listening().catch(onUnseen), signal);
    if (listening) return listening;
    await orAborted(new Promise((resolve) => setTimeout(resolve, lookMs)), signal);
  }
}

/** Where it listens instead, and what to do about that; undefined where it does not, or nobody knows. */
async function listensElsewhere(instance: Instance, place: string): Promise<string | undefined> {
  const others = (await instance.listensElsewhere?.()) ?? [];
  if (others.length === 0) return undefined;
  const where = quoted(others.join(', '));
  return `it does not listen on ${place}, but on ${where}: launch it with that as \`port\`, or tell the program of ${place}`;
}

/** Waits for `promise`, and no longer than until the signal. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
