// Turns at something that takes one at a time, shared by the processes of one user on one machine.
// Whoever has the turn has taken a name, which is free again when its process ends, however it ends: that nobody takes what
// another has is the system's doing. Whoever waits is heard of on a socket of its own, and connected to the holder, whose
// end it sees. The words only make the hand-over quick and fair.
//
//   waits ── since when, and who I am ─▶ holder
//   holder ── go; and these wait besides ─▶ who has waited longest, wherever it is connected
//   holder ◀─ taken ── who has waited longest
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
  /** Hands the turn to the one who has waited longest. Settles once he has it, or nobody wants it. Twice is harmless. */
  release(): Promise<void>;
}

/** Who has the turn that one waits for. */
export interface TurnHolder {
  /** The number of his process, where the system tells. */
  readonly pid: number | undefined;
  /** Whether that is this process. */
  readonly isHere: boolean;
}

/** How to take a turn. */
export interface TurnOptions {
  /** Told once, while the turn is held, that somebody else waits for it. */
  readonly onWanted?: () => void;
  /** Told while the turn is waited for, each time that somebody else has got it. */
  readonly onHolder?: ((holder: TurnHolder) => void) | undefined;
  /** Gives up waiting: the promise rejects with `signal.reason`. */
  readonly signal?: Signal | undefined;
  /**
   * `file` (default, except on Windows): in a folder that only this user can enter. `abstract`: by a name in the network
   * namespace, which reaches from container to container where they share that, and which any user there can take.
   */
  readonly names?: 'abstract' | 'file' | undefined;
}

/** Milliseconds before a holder that closes every connection is asked again: the first pause, and the longest. */
const AGAIN_MS = 1;
const AGAIN_MOST_MS = 64;
const TURN: readonly string[] = ['onWanted', 'onHolder', 'signal', 'names'];

/**
 * Waits for the turn called `name` and takes it: first come, first served. All processes of this user on this machine, and
 * all callers in one process, that use the same name exclude each other; the turn of a process that dies is free at once.
 *
 * @throws TransportError TRANSPORT_ADDRESS when the system lets nobody hold it, TRANSPORT_BAD_OPTION; `signal.reason` when
 *   given up
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
