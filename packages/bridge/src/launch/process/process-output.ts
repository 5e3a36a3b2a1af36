// The output of a process, read in sips. A model prints a line or more for each message. A reader that waits for output is woken
// for each line while the model waits for it, which takes a tenth of a small message's time. So reading pauses for some
// milliseconds after a sip, and then takes all that has come. A flood is read without pauses.
//
// A child's pipes cannot be left unread, because Node reads ahead; a socket with a buffer of its own can. To the process it is the
// same as Node's pipes: a stream socket without a name that others could connect to.
import type { Socket } from 'node:net';
import { socketPair } from './socket-pair.ts';

/** The pause after a sip. */
const PAUSE_MS = 2;
/**
 * A process that has written so much meanwhile is not kept waiting: sockets hold some 200 KB, and a small write counts for 1 KB.
 */
const FLOOD_BYTES = 4096;
const BUFFER_BYTES = 65_536;

/** One stream of a process. */
interface Stream {
  readonly reader: Socket;
  /** The end that the process writes to. */
  readonly writer: Socket;
}

/** The streams of one process. All are read at the same moments, so that no stream gets far ahead of the others. */
export class ProcessOutput {
  /** Resolves when all output has been read and no process can write to it any more. */
  readonly ended: Promise<unknown>;
  readonly #streams: Stream[];
  #pausing = false;

  /** Use `open`. */
  constructor(streams: Stream[]) {
    this.#streams = streams;
    this.ended = Promise.all(streams.map(({ reader }) => new Promise((resolve) => reader.once('close', resolve))));
  }

  /**
   * Opens the streams for a process that is about to be started.
   * @param takers one for each stream; each chunk is the taker's own
   * @param folder a folder that only this user may enter, in which the two ends of each stream connect
   * @throws Error of the system if no socket can be made; Error if other users may enter the folder
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

  /** The ends for the process, in order. */
  get writers(): readonly Socket[] {
    return this.#streams.map(({ writer }) => writer);
  }

  /** Closes the ends of this process once the child has its own, so that the stream ends with the child's last. */
  handedOver(): void {
    for (const { writer } of this.#streams) writer.destroy();
  }

  /** Sets whether the streams keep this program from ending. */
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
