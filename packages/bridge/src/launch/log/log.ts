// The newest output of a launched model, and the notes of launch about it, in bounded memory. Output is kept in the chunks that arrive, and
// is split into lines only for a reader, so that a model that floods its output costs next to nothing.
import { StringDecoder } from 'node:string_decoder';
import { quoted } from '../../errors/quoted.ts';
import type { LogSink } from '../runtime.ts';

/** The writer of a line: the model (on one of its outputs), or launch itself. */
export type LogSource = 'stdout' | 'stderr' | 'launch';

export interface LogLine {
  /** The time at which the line arrived, in milliseconds since 1970. */
  readonly at: number;
  /** The number of the replica, from 0. */
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

/** The memory that an entry takes in addition to its bytes. */
const ENTRY_BYTES = 128;
/** The number of characters from which an unfinished line counts as a line. */
const LONGEST_LINE = 16_384;
/** The most characters of a note. A note is one line, even if it quotes a model or a Docker Engine. */
const LONGEST_NOTE = 4096;

/** The log of one replica, over all instances that it has had. */
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

  /** The number of bytes that the model has written so far. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /** The number of bytes of the model's output that are no longer kept. */
  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  /** The number of the last entry. `tail` takes such a number as `since`. */
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

  /** Returns the last lines, `most` at most. If `model` is true, notes are left out. */
  tail(most: number, { since = 0, model = false }: { since?: number; model?: boolean } = {}): LogLine[] {
    const kept = this.#kept().filter(({ number, source }) => number > since && !(model && source === 'launch'));
    return linesOf(kept, this.#replica).slice(-most);
  }

  /**
   * Yields every line that is kept, and then each new one, until the signal is aborted. A slow reader misses lines that are dropped
   * before it reads them.
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
        // More entries may have arrived while the reader was busy, and the model's last lines may be among them.
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
    // Dropped entries are removed only when half of the list is dropped, so that an entry is moved once on average.
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

/** Splits entries into lines. Each source can have one unfinished line. */
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
