// Turns at something that takes one at a time, shared by the processes of one machine.
// Whoever has the turn has a name bound that the system frees when the process ends, however it ends. Whoever waits is
// connected to that name: he learns that the turn is free by a word, or by the end of the connection. Exclusion is the
// system's; the words below only make the hand-over quick and fair.
//
//   holder ── "g" ─▶ first who waits      go: the name is free, bind it
//   holder ◀─ "b" ── first who waits      bound, or too late; either way the name is taken
//   holder ── FIN ─▶ all others           ask the new holder, in the order in which you asked me
import { createServer, connect as netConnect, type Server, type Socket } from 'node:net';
import type { Signal } from '../carrier.ts';
import { TransportError } from '../errors.ts';
import { checkChoice, checkFunction, checkSignal, optionError, optionsObject } from '../options.ts';
import { fileThere, type TurnName, turnName, unlinkIfDead } from './turn-name.ts';

/** A turn that was taken. */
export interface Turn {
  /** Hands the turn to the one who has waited longest. Settles once he has it, or nobody wants it. Twice is harmless. */
  release(): Promise<void>;
}

/** How to take a turn. */
export interface TurnOptions {
  /** Told once, while the turn is held, that somebody else waits for it. */
  readonly onWanted?: () => void;
  /** Gives up waiting: the promise rejects with `signal.reason`. */
  readonly signal?: Signal | undefined;
  /** `file` uses what works without Linux's abstract names; default: what the system has. */
  readonly names?: 'abstract' | 'file' | undefined;
}

/** How long the one whose turn it is may take to say that he took it, before the next is asked. */
const HANDOVER_MS = 20;
/** What a holder who comes or goes at this moment makes of an attempt to reach him, and how soon to try again. */
const PASSING = new Set(['ENOENT', 'ECONNRESET', 'EPIPE', 'EAGAIN']);
const RETRY_MS = 1;
/** A name that nobody is behind for so long was left by one who was killed; whoever is going takes less. */
const DEAD_MS = 50;

/**
 * Waits for the turn called `name` and takes it. All processes of this machine, and all callers in one process, that use
 * the same name exclude each other; the turn of a process that dies is free at once.
 *
 * @throws TransportError TRANSPORT_ADDRESS when the system lets nobody hold it, TRANSPORT_BAD_OPTION; `signal.reason` when
 *   given up
 */
export async function takeTurn(name: string, given: TurnOptions = {}): Promise<Turn> {
  const options = given ?? {};
  const where = checkTurn(name, options);
  let farewell: (() => void) | undefined;
  for (;;) {
    const server = await bind(where);
    farewell?.();
    const turn = server && new HeldTurn(server, options.onWanted);
    if (options.signal?.aborted) {
      await turn?.release();
      throw options.signal.reason;
    }
    if (turn) return turn;
    farewell = await waitAt(where, options.signal);
  }
}

/** @throws TransportError TRANSPORT_BAD_OPTION */
function checkTurn(name: string, options: TurnOptions): TurnName {
  if (typeof name !== 'string') throw optionError('name', 'text', name);
  const { onWanted, signal } = optionsObject('options', options);
  checkSignal('options.signal', signal);
  checkFunction('options.onWanted', onWanted, 'optional');
  checkChoice('options.names', options.names, ['abstract', 'file']);
  return turnName(name, options.names);
}

/** The name bound, or undefined where somebody else has it. */
function bind({ path }: TurnName): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer({ pauseOnConnect: true });
    server.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') resolve(undefined);
      else reject(turnError(path, cause));
    });
    // `exclusive`: in a cluster's worker the name is bound by the worker, and not shared by all of them.
    server.listen({ path, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Waits until it is worth while to try to bind the name. Answers how to tell the holder that it was tried. */
function waitAt(where: TurnName, signal: Signal | undefined): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const socket = netConnect(where.path);
    let dead: string | undefined;
    const settle = (farewell?: () => void): void => {
      signal?.removeEventListener('abort', abort);
      resolve(farewell);
    };
    const abort = (): void => {
      socket.destroy();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    socket.on('data', () => settle(() => socket.end('b')));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Nobody behind the name: it is free by now, or a file that one who was killed has left.
      if (error.code === 'ECONNREFUSED') dead = fileThere(where);
      else if (!PASSING.has(error.code ?? '')) reject(turnError(where.path, error));
    });
    socket.on('close', (failed) => {
      if (!failed) settle();
      else if (dead === undefined) setTimeout(settle, RETRY_MS);
      else {
        setTimeout(() => {
          unlinkIfDead(where, dead);
          settle();
        }, DEAD_MS);
      }
    });
  });
}

function turnError(path: string, cause: NodeJS.ErrnoException): TransportError {
  const message = `no turn can be held at ${JSON.stringify(path)}: ${cause.code ?? cause.message}`;
  return new TransportError('TRANSPORT_ADDRESS', message, { address: path }, { cause });
}

class HeldTurn implements Turn {
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  #released: Promise<void> | undefined;

  constructor(server: Server, onWanted: (() => void) | undefined) {
    this.#server = server;
    server.on('connection', (socket) => {
      socket.unref();
      socket.on('error', () => {});
      socket.on('close', () => {
        const at = this.#waiting.indexOf(socket);
        if (at >= 0) this.#waiting.splice(at, 1);
      });
      socket.resume();
      if (this.#waiting.push(socket) === 1) onWanted?.();
    });
  }

  release(): Promise<void> {
    this.#released ??= this.#handOver();
    return this.#released;
  }

  async #handOver(): Promise<void> {
    this.#server.close();
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const took = await answered(next);
      next.destroy();
      if (took) break;
    }
    for (const socket of this.#waiting.splice(0)) socket.end();
  }
}

/** Tells one who waits to go, and whether he answered. */
function answered(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), HANDOVER_MS);
    const settle = (took: boolean): void => {
      clearTimeout(timer);
      resolve(took);
    };
    socket.ref();
    socket.on('data', () => settle(true));
    socket.on('close', () => settle(false));
    socket.write('g');
  });
}
