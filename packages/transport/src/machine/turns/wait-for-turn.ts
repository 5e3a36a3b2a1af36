// Waiting for a turn that another contender has. A connection to the holder tells of its end, and the holder, or one that comes after it,
// says that the turn may be taken.
import { connect, type Socket } from 'node:net';
import type { Signal } from '../../exchange/carrier.ts';
import type { Contender } from './contender.ts';
import type { NameHolder, TurnName } from './turn-name.ts';
import { askLine, MOVED, readGo, TAKEN, type Waiter } from './turn-protocol.ts';
import { firstLine, turnError } from './turn-socket.ts';

/** The way in which waiting has ended. */
export type WaitOutcome =
  /** The turn may be taken from `gone`, and `others` wait for it. `answer` says that it was taken, or that it was too late. */
  | {
      readonly how: 'go';
      readonly gone: string;
      readonly others: readonly Waiter[];
      readonly answer: () => void;
    }
  /** Nobody is behind the holder's socket: the holder has ended. */
  | { readonly how: 'gone'; readonly gone: string }
  /** Another contender has the turn by now, or the holder takes no connections at this moment. */
  | { readonly how: 'passed'; readonly gone: undefined };

const PASSED: WaitOutcome = { how: 'passed', gone: undefined };
/** The errors of connecting to a holder that comes or goes, or has no room. */
const PASSING = new Set(['ECONNRESET', 'EPIPE', 'EAGAIN']);
const GONE = new Set(['ECONNREFUSED', 'ENOENT']);
/**
 * When a turn has moved on, its holders know of those that wait, and none need follow it. Only if a holder is killed is that forgotten.
 * So at this interval a waiter looks, and says again that it waits.
 */
const LOOK_MS = 100;

/**
 * Waits until it is worth while to try to take the turn.
 * @throws TransportError TRANSPORT_ADDRESS; `signal.reason`
 */
export async function waitForTurn(
  name: TurnName,
  holder: NameHolder,
  own: Contender,
  signal: Signal | undefined,
): Promise<WaitOutcome> {
  const station = await own.station();
  return new Promise((resolve, reject) => {
    const socket = connect(holder.path);
    let failure: string | undefined;
    let look: NodeJS.Timeout | undefined;
    const settle = (waited: WaitOutcome): void => {
      clearTimeout(look);
      signal?.removeEventListener('abort', abort);
      resolve(waited);
    };
    const abort = (): void => {
      clearTimeout(look);
      socket.destroy();
      reject(signal?.reason);
    };
    const passed = (): void => {
      socket.destroy();
      settle(PASSED);
    };
    const heard = (line: string, from: Socket): void => {
      const go = readGo(line);
      if (go) {
        if (from !== socket) socket.destroy();
        settle({ how: 'go', gone: name.pathOf(go.giver), others: go.others, answer: () => from.end(TAKEN) });
      } else if (from === socket && line === MOVED.trimEnd()) look = setTimeout(passed, LOOK_MS);
      else from.destroy();
    };
    station.heard = heard;
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) return abort();
    socket.write(askLine(own));
    firstLine(socket, (line) => heard(line, socket));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      failure = error.code ?? '';
      if (!PASSING.has(failure) && !GONE.has(failure)) reject(turnError(holder.path, error));
    });
    socket.on('close', () => {
      if (look === undefined) settle(GONE.has(failure ?? '') ? { how: 'gone', gone: holder.path } : PASSED);
    });
  });
}
