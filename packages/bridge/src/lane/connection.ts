// One connection to a model's lane. It sends requests in order and receives their replies, until either end closes it. A request that
// has begun to be sent is sent to its end, and its reply is read to its end, even if its caller has aborted.
import { connect, Socket } from 'node:net';
import {
  type ExchangeOptions,
  type Message,
  messageBytes,
  type ReplyLimits,
  resolveReplyLimits,
  type TransportError,
} from '@bridge/transport';
import type { SocketDialect } from '@bridge/transport/tcp';
import { CurrentReplyPace } from './current-reply-pace.ts';
import { encodeHead, HEAD_BYTES, helloOf, type LaneHead, type LaneHello, writeHead } from './frames.ts';
import {
  type LaneEnd,
  lostMessage,
  shrunkMessage,
  slowReply,
  unansweredMessage,
  unopened,
  unseenMessage,
} from './lane-errors.ts';
import { Pending } from './pending.ts';
import { LaneReader } from './reader.ts';
import type { LentMemory } from './shared-memory.ts';
import { openSocketFile } from './socket-file.ts';

export interface ConnectionOptions {
  /** The dialect that the model speaks on its socket. */
  readonly dialect: SocketDialect;
  readonly limits?: Partial<ReplyLimits>;
  /** Files to lend to the model. */
  readonly memory?: LentMemory | undefined;
  /** Requests of this size or more go through a lent file. */
  readonly memoryBytes: number;
  /**
   * Called when a reply arrived too slowly and its caller was rejected. This function has to end the model soon: the messages behind that
   * reply's are settled then.
   */
  readonly onSlowReply?: ((replyBytes: number) => void) | undefined;
  /** Resolves with the reason why no connection could be made. Called with the socket's error. */
  readonly explain: (error: Error) => Promise<LaneEnd>;
}

/** A message that waits until it can be sent. */
interface QueuedMessage {
  readonly pending: Pending;
  readonly parts: Message;
  readonly bytes: number;
}

/** The largest message that is joined into one buffer, because that is written faster than several. */
const JOIN_BYTES = 16_384;
/** Frames that are read before the event loop gets a turn: far more than a model needs for its messages in progress. */
const FRAMES_PER_TURN = 4096;
/** The most bytes that a framing may add to the largest message. A longer reply counts as endless. */
const FRAMING_BYTES = 2 ** 20;
/** The time in which the owner of a model has to end it after `onSlowReply` was called. */
const ENDING_MS = 5000;

export class LaneConnection {
  readonly #address: string;
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #reader: LaneReader;
  readonly #limits: ReplyLimits;
  /** Set when the connection could not be made. Resolves when the reason is known. */
  #explaining: Promise<void> | undefined;
  /** The number of replies that another thread is copying. Reading stops meanwhile, so that the bytes behind them need not be kept. */
  #copies = 0;
  /** The number of frames since the event loop last had a turn, and whether it is having one. */
  #frames = 0;
  #isYielding = false;
  /** Messages not sent yet: the model has not said hello, or a message before them is being written to a file. */
  #outgoing: QueuedMessage[] = [];
  /** The message that another thread is writing to a file. */
  #writing: Pending | undefined;
  readonly #pace: CurrentReplyPace;
  /** Set when a reply arrived too slowly. The model is about to be ended. */
  #tooSlow: TransportError<'TRANSPORT_TOO_SLOW'> | undefined;
  /** Messages that were sent and whose replies have not ended. The model is working on the first. */
  #queue: Pending[] = [];
  #sequence = 0;
  #connected = false;
  #open = false;
  #end: LaneEnd | undefined;
  #closing = false;
  readonly #opened: Promise<LaneHello>;
  #resolveOpened!: (hello: LaneHello) => void;
  #rejectOpened!: (error: unknown) => void;
  readonly #closed: Promise<void>;

  constructor(path: string, address: string, options: ConnectionOptions) {
    this.#address = address;
    this.#options = options;
    this.#limits = resolveReplyLimits(options.limits);
    this.#pace = new CurrentReplyPace(this.#limits, (error) => this.#giveUpReply(error));
    this.#reader = new LaneReader({
      frame: (head) => this.#frame(head),
      text: (head, text) => this.#text(head, text),
      part: (bytes) => this.#part(bytes),
      space: () => this.#space(),
      filled: (bytes) => this.#filled(bytes),
      broken: (bytes, why) => this.#finish({ how: 'broken', why, bytes }),
    });
    this.#opened = new Promise((resolve, reject) => {
      this.#resolveOpened = resolve;
      this.#rejectOpened = reject;
    });
    this.#opened.catch(() => {});
    const onread = {
      buffer: () => this.#reader.space(),
      callback: (bytes: number) => {
        this.#frames += this.#reader.filled(bytes);
        this.#pace.measure(this.#queue[0]);
        if (this.#frames > FRAMES_PER_TURN) this.#yieldTurn();
        return this.#mayRead;
      },
    };
    const file = openSocketFile(path);
    const socket = typeof file === 'string' ? new Socket() : connect({ path: file.path, onread });
    this.#socket = socket;
    socket.on('connect', () => {
      this.#connected = true;
    });
    socket.on('error', (error) => {
      if (this.#connected) this.#finish({ how: 'lost', cause: error });
      else this.#explaining ??= options.explain(error).then((end) => this.#finish(end));
    });
    this.#closed = new Promise((resolve) => {
      const close = (): void => {
        this.#finish({ how: 'lost' });
        options.memory?.dispose();
        resolve();
      };
      socket.on('close', () => {
        if (this.#explaining) void this.#explaining.then(close);
        else close();
      });
    });
    if (typeof file === 'string') {
      this.#explaining = Promise.resolve().then(() => this.#finish({ how: 'declined', reason: file }));
      socket.destroy();
    } else file.release();
  }

  /** True once the connection takes no more messages. */
  get isEnding(): boolean {
    return this.#end !== undefined || this.#closing || this.#tooSlow !== undefined;
  }

  /** True once the model has announced its end. */
  get died(): boolean {
    return this.#end?.how === 'died';
  }

  /** Resolves with the model's hello, with which the model says that it waits for messages. */
  get opened(): Promise<LaneHello> {
    return this.#opened;
  }

  /** Resolves when the socket is closed. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /** Sends a message after those of earlier calls. Resolves with its reply. */
  exchange(message: Message, options: ExchangeOptions): Promise<Uint8Array> {
    const { dialect } = this.#options;
    const { maxMessageBytes } = this.#limits;
    const parts = dialect.request.encode(message);
    const pending = new Pending(this.#address, dialect.reply.decoder({ maxMessageBytes }), options);
    this.#outgoing.push({ pending, parts, bytes: messageBytes(parts) });
    this.#socket.ref();
    if (this.#open) this.#send();
    return pending.reply;
  }

  /** Lets the process end even if messages are in progress. A later message keeps the process alive again. */
  unref(): void {
    this.#socket.unref();
  }

  /** Takes no more messages. Resolves when those that have begun to be sent are finished and the socket is closed. */
  close(): Promise<void> {
    this.#closing = true;
    if (this.#tooSlow) this.#socket.destroy();
    else this.#closeIfIdle();
    return this.#closed;
  }

  #send(): void {
    while (!this.#writing && !this.#end && !this.#tooSlow) {
      const next = this.#outgoing.shift();
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
          this.#send();
        });
      } else this.#write(next, lent === true);
    }
    this.#closeIfIdle();
  }

  #write({ pending, parts, bytes }: QueuedMessage, lent: boolean): void {
    const socket = this.#socket;
    const left = messageBytes(parts);
    if (left !== bytes) {
      this.#options.memory?.release(pending.slot);
      pending.reject(shrunkMessage(this.#address, bytes, left));
      return;
    }
    pending.sequence = ++this.#sequence;
    this.#queue.push(pending);
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
    this.#markReached();
  }

  /** Marks the first message without a whole reply: the model may have taken it. The model has provably not seen those behind it. */
  #markReached(): void {
    const first = this.#queue[0];
    (first?.answered ? this.#queue[1] : first)?.reached();
  }

  #frame(head: LaneHead): void {
    if (head.kind === 'B') {
      if (this.#open) this.#broken(head, 'said after its hello that it has another host');
      else this.#finish({ how: 'busy' });
      return;
    }
    const pending = this.#queue[0];
    if (!pending || head.sequence !== pending.sequence) {
      this.#broken(head, `answered request ${head.sequence}, for which no reply is due now`);
      return;
    }
    if (head.kind === 'S') {
      // A file may hold a reply once, at its beginning. Each time costs the host a copy and the model nothing.
      if (head.slot !== pending.slot)
        this.#broken(head, `said that its reply is in lent file ${head.slot}, which was not lent for this request`);
      else if (pending.replyBytes > 0)
        this.#broken(head, `said that its reply is in lent file ${head.slot}, after a part of the reply had arrived`);
      else this.#fetch(pending, head.length);
    } else if (head.kind === 'E') {
      this.#queue.shift();
      this.#pace.end();
      pending.end((cause) => unansweredMessage(this.#address, pending.replyBytes, cause));
      const release = (): void => this.#options.memory?.release(pending.slot);
      if (pending.fetching) void pending.fetching.then(release);
      else release();
      this.#markReached();
      this.#send();
    }
  }

  #text(head: LaneHead, text: string): void {
    if (head.kind === 'X') this.#finish({ how: 'died', traceback: text }, head.sequence);
    else if (this.#end) this.#broken(head, 'sent a frame after its end');
    else if (head.kind === 'D') this.#finish({ how: 'declined', reason: text }, head.sequence);
    else {
      const hello = helloOf(text);
      if (!hello || this.#open) {
        this.#broken(head, this.#open ? 'said hello twice' : 'sent an invalid hello');
        return;
      }
      this.#open = true;
      this.#resolveOpened(hello);
      this.#send();
    }
  }

  #broken(head: LaneHead, why: string): void {
    this.#finish({ how: 'broken', why, bytes: encodeHead(head) });
  }

  /** Copies a reply from its file. */
  #fetch(pending: Pending, bytes: number): void {
    const { memory } = this.#options;
    pending.fetch(bytes, (decoder, whole) => memory?.read(pending.slot, bytes, decoder, whole));
    const { fetching } = pending;
    if (!fetching) return;
    this.#copies++;
    void fetching.then(() => {
      this.#copies--;
      this.#resumeReading();
    });
  }

  /** Stops reading for one turn of the event loop. Otherwise a model that keeps its socket full would block everything else. */
  #yieldTurn(): void {
    this.#isYielding = true;
    setImmediate(() => {
      this.#isYielding = false;
      this.#frames = 0;
      this.#resumeReading();
    });
  }

  get #mayRead(): boolean {
    return this.#copies === 0 && !this.#isYielding;
  }

  #resumeReading(): void {
    if (this.#mayRead && !this.#socket.destroyed) this.#socket.resume();
  }

  #part(bytes: Uint8Array): void {
    const pending = this.#queue[0];
    pending?.push(bytes);
    this.#markReached();
    this.#checkLength(pending);
  }

  /**
   * Rejects the caller of a reply that arrives too slowly, and calls `onSlowReply` to have the model ended. The shim sends the end of a
   * reply in parts before it takes the next message, so once the model has ended it is known whether it took the messages behind. A model
   * that has declined the lane has a real socket, and learns from it that its host is gone.
   */
  #giveUpReply(error: TransportError<'TRANSPORT_TOO_SLOW'>): void {
    const { onSlowReply } = this.#options;
    if (!onSlowReply || this.#end) {
      this.#finish({ how: 'slow', error });
      return;
    }
    this.#tooSlow = error;
    this.#queue[0]?.reject(slowReply(this.#address, error));
    const late = setTimeout(() => this.#socket.destroy(), ENDING_MS).unref();
    this.#socket.once('close', () => clearTimeout(late));
    onSlowReply(error.detail.bytes);
  }

  /** Ends the lane if a reply is endless. A reply whose caller has aborted is read as well, because the model waits for that. */
  #checkLength(pending: Pending | undefined): void {
    if (!pending || pending.replyBytes <= this.#limits.maxMessageBytes + FRAMING_BYTES) return;
    const { sequence, replyBytes: length } = pending;
    const why = `has sent ${length} bytes of one reply, past the limit of ${this.#limits.maxMessageBytes}`;
    this.#broken({ kind: 'R', slot: 0, sequence, length }, why);
  }

  #space(): Uint8Array | undefined {
    return this.#queue[0]?.space();
  }

  #filled(bytes: number): void {
    const pending = this.#queue[0];
    pending?.filled(bytes);
    this.#checkLength(pending);
  }

  /**
   * Ends the lane, and settles its messages. If the model has declined the lane, the messages that it took still get their replies.
   * @param taken the sequence of the last request that the model took, if the model has named it
   */
  #finish(how: LaneEnd, taken?: number): void {
    if (this.#end && this.#end.how !== 'declined') return;
    const end: LaneEnd = this.#tooSlow ? { how: 'slow', error: this.#tooSlow } : how;
    const address = this.#address;
    const first = this.#queue[0];
    // The model takes requests in order. It sends the end of a reply before it takes the next request, or together with that request's
    // reply. A model that names a request before the one whose reply it has begun is not believed.
    const shown = first && first.replyBytes > 0 ? first.sequence : 0;
    const mayHaveNext = first && first.replyBytes > 0 && !this.#tooSlow;
    const last = Math.max(shown, taken ?? (first ? first.sequence + (mayHaveNext ? 1 : 0) : 0));
    const unseen = [...this.#outgoing.map(({ pending }) => pending), ...(this.#writing ? [this.#writing] : [])];
    const stay = this.#queue.filter(({ sequence }) => sequence <= last);
    unseen.push(...this.#queue.filter(({ sequence }) => sequence > last));
    this.#outgoing = [];
    this.#queue = end.how === 'declined' ? stay : [];
    this.#end = end;
    if (end.how !== 'declined') this.#pace.end();
    this.#rejectOpened(unopened(address, end));
    for (const pending of unseen) pending.reject(unseenMessage(address, end));
    if (end.how !== 'declined') {
      for (const pending of stay) {
        const wasSlow = end.how === 'slow' && pending === first && pending.replyBytes > 0;
        pending.reject(wasSlow ? slowReply(address, end.error) : lostMessage(address, end, pending.replyBytes));
      }
    }
    this.#closeIfIdle();
  }

  /** Closes the socket if no more replies are due. Otherwise the socket keeps the process alive only while replies are due. */
  #closeIfIdle(): void {
    const busy = this.#queue.length > 0 || this.#outgoing.length > 0 || this.#writing !== undefined;
    const wanted = (): boolean =>
      this.#queue.some(({ settled }) => !settled) || this.#outgoing.length > 0 || this.#writing !== undefined;
    if (this.#end ? !wanted() : this.#closing && !busy) this.#socket.destroy();
    else if (this.#open && !busy) this.#socket.unref();
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
