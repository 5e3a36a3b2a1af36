// A turn is a lock that the processes of one user on one machine share, for a peer that takes one caller at a time. A contender is one call
// of `takeTurn`; the contender that has the turn is its holder, and those that wait are waiters. The holder has taken a name, which the
// system lets only one contender take, and frees when the holder's process ends in any way. A waiter is connected to the holder, so that it
// notices the holder's end, and has a listening socket of its own. The lines that they send to each other only make the hand-over quick and
// fair:
//
//   waiter ── its id, and the time since which it waits ─▶ holder
//   holder ── go; and the other waiters ─▶ the waiter that has waited for the longest time, on any of its connections
//   holder ◀─ taken ── that waiter
//   holder ── moved ─▶ all other waiters

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
  /**
   * Hands the turn over to the waiter that has waited for the longest time. Resolves once that waiter has it, or the turn is free. Calling
   * it twice is harmless.
   */
  release(): Promise<void>;
}

/** The process that has a turn for which this one waits. */
export interface TurnHolder {
  /** The process's id, if the system tells it. */
  readonly pid: number | undefined;
  /** True if the turn's holder is another caller in this process. */
  readonly isHere: boolean;
}

/** Options of taking a turn. */
export interface TurnOptions {
  /**
   * Called once, while this caller has the turn, when another caller waits for it. An error that this function throws becomes an unhandled
   * rejection.
   */
  readonly onWanted?: () => void;
  /** Called while this caller waits for the turn, with its holder, and again each time that the holder changes. */
  readonly onHolder?: ((holder: TurnHolder) => void) | undefined;
  /** When it aborts, `takeTurn` stops waiting and rejects with `signal.reason`. */
  readonly signal?: Signal | undefined;
  /**
   * The kind of name by which the turn is taken. `file` (default, except on Windows): a link in a folder that only this user can enter.
   * `abstract`: an abstract socket name, which all containers and users of the same network namespace share, so that any of them can take
   * it.
   */
  readonly names?: 'abstract' | 'file' | undefined;
}

/** The first pause before a holder that closes every connection is asked again, in milliseconds. Each further pause is twice as long. */
const AGAIN_MS = 1;
/** The longest of these pauses. */
const AGAIN_MOST_MS = 64;
const TURN: readonly string[] = ['onWanted', 'onHolder', 'signal', 'names'];

/**
 * Waits for the turn called `name`, first come, first served, and resolves with it. Only one caller at a time has the turn, among all
 * callers in all processes of this user on this machine. If its process dies, the turn is free at once.
 *
 * @throws TransportError TRANSPORT_ADDRESS if the system does not allow the turn, TRANSPORT_BAD_OPTION; `signal.reason` if the signal
 *   aborts
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

/** Tries to take the name, and waits for its holder, until the turn is taken. */
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

/**
 * Returns the turn's name and the checked options.
 * @throws TransportError TRANSPORT_BAD_OPTION, TRANSPORT_ADDRESS
 */
function checkTurn(name: string, given: TurnOptions): [name: TurnName, options: TurnOptions] {
  if (typeof name !== 'string') throw optionError('name', 'a string', name);
  const options = optionsOf('options', given, TURN);
  const { onWanted, onHolder, signal, names } = options;
  checkSignal('options.signal', signal);
  checkFunction('options.onWanted', onWanted, 'optional');
  checkFunction('options.onHolder', onHolder, 'optional');
  checkChoice('options.names', names, ['abstract', 'file']);
  const isBound = names === 'abstract' || process.platform === 'win32';
  return [isBound ? new BoundName(name) : new UserLinks(name), options as TurnOptions];
}
