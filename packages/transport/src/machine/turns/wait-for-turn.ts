// Waits for a turn that another contender has. The connection to the holder is closed when the holder ends. The holder, or a later one,
// sends `go` when this contender may take the turn.
import { connect, type Socket } from 'node:net';
import type { Signal } from '../../exchange/carrier.ts';
import type { Contender } from './contender.ts';
import type { NameHolder, TurnName } from './turn-name.ts';
import { askLine, MOVED, readGo, TAKEN, type Waiter } from './turn-protocol.ts';
import { firstLine, turnError } from './turn-socket.ts';

/** The way in which waiting has ended. */
export type WaitOutcome =
  /** The turn may be taken from the holder at the path `gone`, and `others` wait for it. `answer` sends `taken` to that holder. */
  | {
      readonly how: 'go';
      readonly gone: string;
      readonly others: readonly Waiter[];
      readonly answer: () => void;
    }
  /** The holder's socket refused the connection, or is gone: the holder has ended. */
  | { readonly how: 'gone'; readonly gone: string }
  /** Another contender has the turn by now, or the holder does not take connections at this moment. */
  | { readonly how: 'passed'; readonly gone: undefined };

const PASSED: WaitOutcome = { how: 'passed', gone: undefined };
/** The errors of a connection to a holder that is about to end, or has a full queue. */
const PASSING = new Set(['ECONNRESET', 'EPIPE', 'EAGAIN']);
/** The errors of a connection to a holder that has ended. */
const GONE = new Set(['ECONNREFUSED', 'ENOENT']);
/**
 * After `moved`, the new holder knows of this waiter, which need not connect to it. But if that holder is killed, nobody knows of the
 * waiter any more. So after this time it looks for the holder and asks again.
 */
const LOOK_MS = 100;

/**
 * Resolves when this contender should try to take the turn.
 * @throws TransportError TRANSPORT_ADDRESS; `signal.reason` if the signal aborts
 */
export async function waitForTurn(
  name: TurnName,
  holder: NameHolder,
  own: Contender,
  signal: Signal | undefined,
): Promise<WaitOutcome> {
  const turnSocket = await own.socket();
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
    turnSocket.onLine = heard;
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
