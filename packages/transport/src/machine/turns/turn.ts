// Turns at something that takes one caller at a time, shared by the processes of one user on one machine. The contender that has the turn
// has taken a name, which the system frees when its process ends, however it ends, and which the system lets nobody else take. A waiter
// hears of others on a socket of its own, and is connected to the holder, whose end it sees. The lines that they say to each other only
// make the hand-over quick and fair.
//
//   waiter ── my id, and since when I wait ─▶ holder
//   holder ── go; and these wait, too ─▶ the waiter that has waited longest, wherever it is connected
//   holder ◀─ taken ── that waiter
//   holder ── moved ─▶ all others

import { checkChoice, checkFunction, checkSignal, optionError, optionsOf } from '../../errors/options.ts';
import type { Signal } from '../../exchange/carrier.ts';
import { BoundName } from './bound-name.ts';
import { Contender } from './contender.ts';
import { OwnedTurn } from './owned-turn.ts';
import type { NameHolder, TurnName } from './turn-name.ts';
import { TurnSocket } from './turn-socket.ts';
import { UserLinks } from './user-links.ts';
import { type WaitOutcome, waitForTurn } from './wait-for-turn.ts';

/** A turn that was taken. */
export interface Turn {
  /** Hands the turn to the waiter that has waited longest. Resolves once it has the turn, or nobody wants it. Twice is harmless. */
  release(): Promise<void>;
}

/** The holder of a turn that is waited for. */
export interface TurnHolder {
  /** The number of its process, if the system tells. */
  readonly pid: number | undefined;
  /** True if that is this process. */
  readonly isHere: boolean;
}

/** Options of taking a turn. */
export interface TurnOptions {
  /** Called once, while the turn is held, when another caller waits for it. */
  readonly onWanted?: () => void;
  /** Called while the turn is waited for, each time that another caller has got it. */
  readonly onHolder?: ((holder: TurnHolder) => void) | undefined;
  /** Gives up waiting when it aborts: the promise rejects with `signal.reason`. */
  readonly signal?: Signal | undefined;
  /**
   * `file` (default, except on Windows): in a folder that only this user can enter. `abstract`: by a name in the network
   * namespace, which reaches from container to container where they share that, and which any user there can take.
   */
  readonly names?: 'abstract' | 'file' | undefined;
}

/** The first and the longest pause before a holder that closes every connection is asked again, in milliseconds. */
const AGAIN_MS = 1;
const AGAIN_MOST_MS = 64;
const TURN: readonly string[] = ['onWanted', 'onHolder', 'signal', 'names'];

/**
 * Waits for the turn called `name` and takes it: first come, first served. All processes of this user on this machine, and
 * all callers in one process, that use the same name exclude each other; the turn of a process that dies is free at once.
 *
 * @throws TransportError TRANSPORT_ADDRESS if the system lets nobody hold it, TRANSPORT_BAD_OPTION; `signal.reason` if the signal aborts
 */
export async function takeTurn(name: string, given: TurnOptions = {}): Promise<Turn> {
  const [turnName, options] = checkTurn(name, given);
  const own = new Contender((id) => turnName.pathOf(id));
  try {
    return await taken(turnName, own, options);
  } catch (error) {
    await own.close();
    throw error;
  }
}

async function taken(name: TurnName, own: Contender, { signal, onWanted, onHolder }: TurnOptions): Promise<Turn> {
  let waited: WaitOutcome | undefined;
  let holder: NameHolder | undefined;
  let askedAt = 0;
  let pauseMs = AGAIN_MS;
  for (;;) {
    const got = await name.take(own, waited?.gone);
    if (waited?.how === 'go') waited.answer();
    if (got instanceof TurnSocket) {
      const turn = new OwnedTurn(name, own, got, waited?.how === 'go' ? waited.others : [], onWanted);
      if (!signal?.aborted) return turn;
      await turn.release();
    }
    if (signal?.aborted) throw signal.reason;
    const next = got as NameHolder;
    const isSame = next.path === holder?.path;
    if (isSame && performance.now() - askedAt < pauseMs) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      pauseMs = Math.min(2 * pauseMs, AGAIN_MOST_MS);
    } else pauseMs = AGAIN_MS;
    if (!isSame || name.isFreedFirst) onHolder?.({ pid: next.pid, isHere: next.pid === process.pid });
    holder = next;
    askedAt = performance.now();
    waited = await waitForTurn(name, next, own, signal);
  }
}

/** @throws TransportError TRANSPORT_BAD_OPTION, TRANSPORT_ADDRESS */
function checkTurn(name: string, given: TurnOptions): [name: TurnName, options: TurnOptions] {
  if (typeof name !== 'string') throw optionError('name', 'text', name);
  const options = optionsOf('options', given, TURN);
  const { onWanted, onHolder, signal, names } = options;
  checkSignal('options.signal', signal);
  checkFunction('options.onWanted', onWanted, 'optional');
  checkFunction('options.onHolder', onHolder, 'optional');
  checkChoice('options.names', names, ['abstract', 'file']);
  const isBound = names === 'abstract' || process.platform === 'win32';
  return [isBound ? new BoundName(name) : new UserLinks(name), options as TurnOptions];
}
