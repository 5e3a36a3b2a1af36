// The output of a process, read in sips: small reads with a pause after each. A model prints a line or more for each message, and a reader
// that waits for output is woken for each line while the model waits for it, which takes a tenth of a small message's time. So reading
// pauses for some milliseconds after a sip, and the next sip takes all that has arrived. A flood is read without pauses.
//
// The pipes of a child process cannot be left unread, because Node reads ahead; a socket with a buffer of its own can. For the process it
// is the same as Node's pipes: a stream socket without a name to which others could connect.
import type { Socket } from 'node:net';
import { socketPair } from './socket-pair.ts';

/** The pause after a sip. */
const PAUSE_MS = 2;
/**
 * A read of this size counts as a flood, and the process is not kept waiting: sockets hold some 200 KB, and a small write takes 1 KB of
 * that.
 */
const FLOOD_BYTES = 4096;
const BUFFER_BYTES = 65_536;

/** One stream of a process. */
interface Stream {
  readonly reader: Socket;
  /** The end that the process writes to. */
  readonly writer: Socket;
}

/** The streams of one process. All are read at the same moments, so that none gets far ahead of the others. */
export class ProcessOutput {
  /** Resolves when all output has been read and no process can write to it any more. */
  readonly ended: Promise<unknown>;
  readonly #streams: Stream[];
  #pausing = false;

  /** Called by `open` only. */
  constructor(streams: Stream[]) {
    this.#streams = streams;
    this.ended = Promise.all(streams.map(({ reader }) => new Promise((resolve) => reader.once('close', resolve))));
  }

  /**
   * Opens the streams for a process that is about to be started.
   * @param takers a function for each stream. It may keep the chunks with which it is called
   * @param folder a folder that only this user may enter. The two ends of each stream connect in it
   * @throws the system's error if no socket can be created; Error if other users may enter the folder
   */
  static async open(takers: readonly ((chunk: Uint8Array) => void)[], folder: string): Promise<ProcessOutput> {
    const streams: Stream[] = [];
    let output: ProcessOutput | undefined;
    const pause = (): void => {
      if (output) output.#pause();
    };
    try {
      for (const take of takers) streams.push(await openStream(take, pause, folder));
    } catch (error) {
      for (const { reader, writer } of streams) for (const end of [reader, writer]) end.destroy();
      throw error;
    }
    output = new ProcessOutput(streams);
    return output;
  }

  /** The ends for the process, in the order of `takers`. */
  get writers(): readonly Socket[] {
    return this.#streams.map(({ writer }) => writer);
  }

  /** Closes the writing ends in this process once the child has them, so that a stream ends when the last child closes it. */
  handedOver(): void {
    for (const { writer } of this.#streams) writer.destroy();
  }

  /** Sets whether the streams keep this program running. */
  keepsAlive(alive: boolean): void {
    for (const { reader } of this.#streams) reader[alive ? 'ref' : 'unref']();
  }

  #pause(): void {
    for (const { reader } of this.#streams) reader.pause();
    if (this.#pausing) return;
    this.#pausing = true;
    setTimeout(() => {
      this.#pausing = false;
      for (const { reader } of this.#streams) reader.resume();
    }, PAUSE_MS).unref();
  }
}

async function openStream(take: (chunk: Uint8Array) => void, pause: () => void, folder: string): Promise<Stream> {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  const sip = (bytes: number): boolean => {
    take(Uint8Array.prototype.slice.call(buffer, 0, bytes));
    if (bytes < FLOOD_BYTES) pause();
    return true;
  };
  const { near, far } = await socketPair(folder, { buffer, callback: sip });
  return { reader: near, writer: far };
}
