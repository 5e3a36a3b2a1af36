// The newest output of a launched model, and the notes of launch about it, in bounded memory. Bytes are kept as they come and are
// split into lines only for a reader, so that a model that floods its output costs next to nothing.
import { StringDecoder } from 'node:string_decoder';
import { quoted } from '../../errors/quoted.ts';
import type { LogSink } from '../runtime.ts';

/** The writer of a line: the model, or launch itself. */
export type LogSource = 'stdout' | 'stderr' | 'launch';

export interface LogLine {
  /** The time at which the line came, in milliseconds since 1970. */
  readonly at: number;
  /** The replica that the line is about, from 0. */
  readonly replica: number;
  readonly source: LogSource;
  readonly text: string;
}

interface LogEntry {
  readonly at: number;
  readonly source: LogSource;
  readonly chunk: Uint8Array;
  /** The entry's number in this log, from 1. */
  readonly number: number;
}

/** The memory that an entry takes besides its bytes. */
const ENTRY_BYTES = 128;
/** The length from which an unfinished line is shown. */
const LONGEST_LINE = 16_384;
/** The most characters of a note. A note is one line, even if it quotes a model or an engine. */
const LONGEST_NOTE = 4096;

/** The log of one replica, over all its instances. */
export class ReplicaLog implements LogSink {
  readonly #replica: number;
  readonly #maxBytes: number;
  readonly #entries: LogEntry[] = [];
  #head = 0;
  #keptBytes = 0;
  #last = 0;
  #droppedBytes = 0;
  #writtenBytes = 0;
  readonly #watchers = new Set<(entry: LogEntry) => void>();

  constructor(replica: number, maxBytes: number) {
    this.#replica = replica;
    this.#maxBytes = maxBytes;
  }

  /** Bytes that the model has written so far. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /** Bytes of the model's output that are not kept any more. */
  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  /** The number of the last entry. `tail` takes it as `since`. */
  get position(): number {
    return this.#last;
  }

  write(source: 'stdout' | 'stderr', chunk: Uint8Array): void {
    this.#writtenBytes += chunk.length;
    this.#add(source, chunk);
  }

  note(text: string): void {
    this.#add('launch', Buffer.from(`${quoted(text, LONGEST_NOTE)}\n`));
  }

  /** Returns the last lines. With `model`, only lines of the model. */
  tail(most: number, { since = 0, model = false }: { since?: number; model?: boolean } = {}): LogLine[] {
    const kept = this.#kept().filter(({ number, source }) => number > since && !(model && source === 'launch'));
    return linesOf(kept, this.#replica).slice(-most);
  }

  /**
   * Gives every line that is kept, and those that come, until the signal is aborted. A slow reader misses lines that were dropped
   * meanwhile.
   */
  async *lines(signal: AbortSignal): AsyncGenerator<LogLine, undefined> {
    const lines = new Lines(this.#replica);
    let read = 0;
    let wake: () => void = () => {};
    const watch = (): void => wake();
    this.#watchers.add(watch);
    signal.addEventListener('abort', watch);
    try {
      for (;;) {
        const fresh = this.#kept().filter(({ number }) => number > read);
        read = this.#last;
        for (const entry of fresh) yield* lines.take(entry);
        // Entries that came while the reader was slow. The last words may be among them.
        if (read !== this.#last) continue;
        if (signal.aborted) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      yield* lines.rest();
    } finally {
      this.#watchers.delete(watch);
      signal.removeEventListener('abort', watch);
    }
  }

  #add(source: LogSource, chunk: Uint8Array): void {
    const entry = { at: Date.now(), source, chunk, number: ++this.#last };
    this.#entries.push(entry);
    this.#keptBytes += chunk.length + ENTRY_BYTES;
    while (this.#keptBytes > this.#maxBytes && this.#head < this.#entries.length - 1) {
      const oldest = this.#entries[this.#head++];
      this.#keptBytes -= (oldest?.chunk.length ?? 0) + ENTRY_BYTES;
      this.#droppedBytes += oldest?.chunk.length ?? 0;
    }
    // The list is moved only when half of it is empty, so that each entry is moved once on average.
    if (this.#head * 2 > this.#entries.length) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
    for (const watch of this.#watchers) watch(entry);
  }

  #kept(): LogEntry[] {
    return this.#entries.slice(this.#head);
  }
}

function linesOf(entries: readonly LogEntry[], replica: number): LogLine[] {
  const lines = new Lines(replica);
  return [...entries.flatMap((entry) => lines.take(entry)), ...lines.rest()];
}

/** Splits entries into lines. Each source has an unfinished line of its own. */
class Lines {
  readonly #replica: number;
  readonly #open = new Map<LogSource, { at: number; text: string; decoder: StringDecoder }>();

  constructor(replica: number) {
    this.#replica = replica;
  }

  take({ at, source, chunk }: LogEntry): LogLine[] {
    const open = this.#open.get(source) ?? { at, text: '', decoder: new StringDecoder('utf8') };
    const parts = (open.text + open.decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length))).split(
      '\n',
    );
    let rest = parts.pop() ?? '';
    if (rest.length > LONGEST_LINE) {
      parts.push(rest);
      rest = '';
    }
    this.#open.set(source, { at, text: rest, decoder: open.decoder });
    return parts.map((text) => this.#line(at, source, text));
  }

  /** Returns the unfinished lines. */
  rest(): LogLine[] {
    return [...this.#open].flatMap(([source, { at, text }]) => (text === '' ? [] : [this.#line(at, source, text)]));
  }

  #line(at: number, source: LogSource, text: string): LogLine {
    return { at, replica: this.#replica, source, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  }
}
