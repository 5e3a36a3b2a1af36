// The sending end of a lane's connection. Messages wait here until the model has said hello and those before them are sent, one whole
// frame after the other. A large message is written to a lent file, and the socket gets only its head. No reading, and no replies.
import type { Socket } from 'node:net';
import { type Message, messageBytes } from '@bridge/transport';
import { encodeHead, HEAD_BYTES, type LaneHead, writeHead } from './frames.ts';
import { shrunkMessage } from './lane-errors.ts';
import type { Pending } from './pending.ts';
import type { LentMemory } from './shared-memory.ts';

export interface LaneSenderOptions {
  readonly address: string;
  readonly socket: Socket;
  /** Files to lend to the model. */
  readonly memory: LentMemory | undefined;
  /** Requests of this size or more go through a lent file. */
  readonly memoryBytes: number;
  /** Called when a message was handed to the socket. */
  readonly onSent: (pending: Pending) => void;
  /** Called when all was sent that can be sent now. */
  readonly onPause: () => void;
}

/** A message that waits until it can be sent. */
interface WaitingMessage {
  readonly pending: Pending;
  readonly parts: Message;
  readonly bytes: number;
}

/** The largest message that is joined into one buffer, because that is written faster than several. */
const JOIN_BYTES = 16_384;

export class LaneSender {
  readonly #options: LaneSenderOptions;
  #waiting: WaitingMessage[] = [];
  /** The message that another thread is writing to a file. Those behind it wait. */
  #writing: Pending | undefined;
  #sequence = 0;
  #stopped = false;

  constructor(options: LaneSenderOptions) {
    this.#options = options;
  }

  /** True while a message waits or is being written to a file. */
  get isBusy(): boolean {
    return this.#waiting.length > 0 || this.#writing !== undefined;
  }

  /** Adds a message. It is sent by the next call of `send`, or after it. */
  add(pending: Pending, parts: Message): void {
    this.#waiting.push({ pending, parts, bytes: messageBytes(parts) });
  }

  /** Sends the messages that wait, up to one that another thread has to write to a file. The rest are sent once that is done. */
  send(): void {
    while (!this.#writing && !this.#stopped) {
      const next = this.#waiting.shift();
      if (!next) break;
      const { pending, parts, bytes } = next;
      // The caller has aborted before anything of the message was sent.
      if (pending.settled) continue;
      const { memory, memoryBytes } = this.#options;
      pending.slot = memory?.take() ?? 0;
      const lent = pending.slot > 0 && bytes >= memoryBytes && memory?.write(pending.slot, parts, bytes);
      if (typeof lent === 'object') {
        this.#writing = pending;
        void lent.then((there) => {
          this.#writing = undefined;
          if (pending.settled) memory?.release(pending.slot);
          else this.#write(next, there);
          this.send();
        });
      } else this.#write(next, lent === true);
    }
    this.#options.onPause();
  }

  /** Stops sending. Messages that wait stay here. */
  stop(): void {
    this.#stopped = true;
  }

  /** Stops sending. Returns the messages that were not sent, which the caller has to reject. */
  end(): readonly Pending[] {
    this.stop();
    const unsent = this.#waiting.map(({ pending }) => pending);
    if (this.#writing) unsent.push(this.#writing);
    this.#waiting = [];
    return unsent;
  }

  #write({ pending, parts, bytes }: WaitingMessage, lent: boolean): void {
    const { address, socket, memory, onSent } = this.#options;
    const left = messageBytes(parts);
    if (left !== bytes) {
      memory?.release(pending.slot);
      pending.reject(shrunkMessage(address, bytes, left));
      return;
    }
    pending.sequence = ++this.#sequence;
    const { slot, sequence } = pending;
    const head: LaneHead = { kind: lent ? 'M' : 'Q', slot, sequence, length: bytes };
    if (lent) socket.write(encodeHead(head));
    else if (bytes <= JOIN_BYTES) socket.write(joined(head, parts));
    else {
      socket.cork();
      socket.write(encodeHead(head));
      for (const part of parts) if (part.length > 0) socket.write(part);
      socket.uncork();
    }
    onSent(pending);
  }
}

/** Returns a frame, its head and its parts, in one buffer. */
function joined(head: LaneHead, parts: Message): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + head.length);
  writeHead(frame, head);
  let at = HEAD_BYTES;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}
