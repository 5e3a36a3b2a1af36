// What a process writes, taken in sips. A model prints a line or more for each message, and a reader that waits for its
// output is woken for each line, while the model waits for that: a tenth of a small message's time. Nobody waits here for
// some milliseconds after a sip, and then all that has come is taken at once. A flood is taken without pauses.
//
// A child's pipes cannot be left unread (Node reads ahead); a socket with a buffer of its own can. To the process it is what
// Node's pipes are, a stream socket without a name that others could connect to.
import type { Socket } from 'node:net';
import { socketPair } from './socket-pair.ts';

/** How long nobody reads behind a sip. */
const PAUSE_MS = 2;
/** A process that has written so much meanwhile is not kept waiting: sockets hold some 200 KB, and a small write counts for 1 KB. */
const FLOOD_BYTES = 4096;
const BUFFER_BYTES = 65_536;

/** One stream of a process. */
interface Stream {
  readonly reader: Socket;
  /** The end for the process to write to. */
  readonly writer: Socket;
}

/** The streams of one process, all taken at the same moments, so that what is in one does not overtake the others by more. */
export class ProcessOutput {
  /** When all of it has been taken and nobody can write to it any more. */
  readonly ended: Promise<unknown>;
  readonly #streams: Stream[];
  #pausing = false;

  private constructor(streams: Stream[]) {
    this.#streams = streams;
    this.ended = Promise.all(streams.map(({ reader }) => new Promise((resolve) => reader.once('close', resolve))));
  }

  /**
   * @param takers one for each stream; each piece is its own
   * @param folder one that only this user may enter: there the two ends of a stream meet
   * @throws Error of the system, where no socket can be made; that the folder is not this user's alone
   */
  static async open(takers: readonly ((chunk: Uint8Array) => void)[], folder: string): Promise<ProcessOutput> {
    const streams: Stream[] = [];
    let output: ProcessOutput | undefined;
    try {
      for (const take of takers) streams.push(await openStream(take, () => output?.pause(), folder));
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

  /** The process has its ends: ours are closed, so that the last of its own ends it. */
  handedOver(): void {
    for (const { writer } of this.#streams) writer.destroy();
  }

  /** Whether it keeps this program from ending. */
  keepsAlive(alive: boolean): void {
    for (const { reader } of this.#streams) reader[alive ? 'ref' : 'unref']();
  }

  private pause(): void {
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
