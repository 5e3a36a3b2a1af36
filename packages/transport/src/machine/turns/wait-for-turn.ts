// Waiting for a turn that somebody has: connected to him, to learn of his end; and to be told by him, or by who comes after
// him, that the turn may be taken.
import { connect, type Socket } from 'node:net';
import type { Signal } from '../../exchange/carrier.ts';
import type { Contender } from './contender.ts';
import type { NameHolder, TurnName } from './turn-name.ts';
import { askLine, MOVED, readGo, TAKEN, type Waiter } from './turn-protocol.ts';
import { firstLine, turnError } from './turn-socket.ts';

/** How waiting has ended. */
export type WaitOutcome =
  /** The turn may be taken from `gone`; `others` wait besides; `answer` says that it was, or that it was too late. */
  | {
      readonly how: 'go';
      readonly gone: string;
      readonly others: readonly Waiter[];
      readonly answer: () => void;
    }
  /** Nobody is behind the holder's socket: he has ended. */
  | { readonly how: 'gone'; readonly gone: string }
  /** Somebody else has it by now, or the holder takes nobody in at this moment. */
  | { readonly how: 'passed'; readonly gone: undefined };

const PASSED: WaitOutcome = { how: 'passed', gone: undefined };
/** What a holder who comes or goes, or has no room, makes of an attempt to reach him. */
const PASSING = new Set(['ECONNRESET', 'EPIPE', 'EAGAIN']);
const GONE = new Set(['ECONNREFUSED', 'ENOENT']);
/**
 * The turn has moved on, and its holders know of those who wait: nobody need run after it. Only if one of them is killed is
 * that forgotten, and nobody told: so often one looks, and says again that one waits.
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
