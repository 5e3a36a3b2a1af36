// Reads the output of a program that should be the relay: its greeting, and then frames. The container belongs to the model, so its Python,
// and the program that answers in place of the relay, may be any program. Nothing is read after a violation of the protocol. No I/O.
import { quoted } from '../../../errors/quoted.ts';
import { HeadedStream } from '../container/headed-stream.ts';
import { demultiplexer } from '../container/multiplexed.ts';
import { bodyBytesOfRelayHead, faultOfRelayHead, kindOfRelayHead, RELAY_HEAD_BYTES } from './relay-frames.ts';

const GREETING = 'H'.charCodeAt(0);
const KEPT_CHARACTERS = 2000;
const NOTHING = Buffer.alloc(0);

/** The functions that a reader calls. */
export interface RelaySink {
  /** Called when the relay has sent its greeting. */
  greeted(): void;
  /** Called with each frame, and with each piece of a part of a reply. */
  frame(kind: string, bytes: Uint8Array): void;
  /** Called once, when the relay has broken the protocol. */
  broken(why: string): void;
}

export class RelayReader {
  readonly #sink: RelaySink;
  readonly #streams: HeadedStream;
  /** Output that is not a frame: the reason why Python could not be started, or a traceback. */
  #text = '';
  /** True once the greeting has begun. Earlier output comes from other programs. */
  #hasGreeting = false;
  #greeted = false;
  #brokenBy: string | undefined;
  /** The part of a short body that has arrived. */
  #body = NOTHING;
  #frames = 0;

  constructor(sink: RelaySink) {
    this.#sink = sink;
    const frames = new HeadedStream({
      headBytes: RELAY_HEAD_BYTES,
      bodyBytes: (head) => this.#bodyBytes(head),
      piece: (head, bytes, last) => this.#piece(kindOfRelayHead(head), bytes, last),
    });
    this.#streams = demultiplexer((source, bytes) => {
      this.#hasGreeting ||= source === 'stdout' && bytes[0] === GREETING;
      if (source === 'stdout' && this.#hasGreeting) frames.push(bytes);
      else this.#text = (this.#text + Buffer.from(bytes).toString('utf8')).slice(-KEPT_CHARACTERS);
    });
  }

  /** The violation of the protocol; `text` if there is none. */
  get explanation(): string {
    return this.#brokenBy ?? this.text;
  }

  /** The end of the output that is not a frame, quoted: a traceback, or the words of another program. */
  get text(): string {
    return quoted(this.#text.trim());
  }

  /** Takes output of the exec. Returns the number of frames that began in it. */
  push(chunk: Uint8Array): number {
    this.#frames = 0;
    if (this.#brokenBy === undefined) this.#streams.push(chunk);
    return this.#frames;
  }

  /** Stops reading, because the relay broke the protocol. */
  break(why: string): void {
    if (this.#brokenBy !== undefined) return;
    this.#brokenBy = why;
    this.#sink.broken(why);
  }

  /** Checks the head of a frame. Returns the length of its body; 0 after a violation. */
  #bodyBytes(head: DataView): number {
    this.#frames++;
    const kind = kindOfRelayHead(head);
    const bytes = bodyBytesOfRelayHead(head);
    const fault = faultOfRelayHead(kind, bytes) ?? (kind === 'H' && this.#greeted ? 'it greeted twice' : undefined);
    if (fault !== undefined) this.break(fault);
    return this.#brokenBy === undefined ? bytes : 0;
  }

  #piece(kind: string, bytes: Uint8Array, last: boolean): void {
    if (this.#brokenBy !== undefined) return;
    if (kind === 'H') {
      this.#greeted = true;
      this.#sink.greeted();
    } else if (kind === 'D') this.#sink.frame(kind, bytes);
    else {
      this.#body = Buffer.concat([this.#body, bytes]);
      if (!last) return;
      const body = this.#body;
      this.#body = NOTHING;
      this.#sink.frame(kind, body);
    }
  }
}
