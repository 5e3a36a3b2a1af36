// One connection to a model's lane. It sends requests in order (sender.ts) and receives their replies, until either end closes it. A request
// that has begun to be sent is sent to its end, and its reply is read to its end, even if its caller has aborted.
import { connect, Socket } from 'node:net';
import {
  type ExchangeOptions,
  type Message,
  type ReplyLimits,
  resolveReplyLimits,
  type TransportError,
} from '@bridge/transport';
import { endlessBytes } from '@bridge/transport/internal';
import type { SocketDialect } from '@bridge/transport/tcp';
import { CurrentReplyPace } from './current-reply-pace.ts';
import { encodeHead, helloOf, type LaneHead, type LaneHello } from './frames.ts';
import { type LaneEnd, lostMessage, slowReply, unansweredMessage, unopened, unseenMessage } from './lane-errors.ts';
import { Pending } from './pending.ts';
import { ReadPauses } from './read-pauses.ts';
import { LaneReader } from './reader.ts';
import { LaneSender } from './sender.ts';
import { SentMessages } from './sent-messages.ts';
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
  readonly #sender: LaneSender;
  readonly #sent = new SentMessages();
  readonly #pauses: ReadPauses;
  readonly #pace: CurrentReplyPace;
  /** Set when a reply arrived too slowly. The model is about to be ended. */
  #tooSlow: TransportError<'TRANSPORT_TOO_SLOW'> | undefined;
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
        const frames = this.#reader.filled(bytes);
        this.#pace.measure(this.#sent.first);
        return this.#pauses.count(frames);
      },
    };
    const file = openSocketFile(path);
    const socket = typeof file === 'string' ? new Socket() : connect({ path: file.path, onread });
    this.#socket = socket;
    this.#pauses = new ReadPauses(() => {
      if (!socket.destroyed) socket.resume();
    });
    this.#sender = new LaneSender({
      address,
      socket,
      memory: options.memory,
      memoryBytes: options.memoryBytes,
      onSent: (pending) => this.#sent.add(pending),
      onPause: () => this.#closeIfIdle(),
    });
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
    this.#sender.add(pending, parts);
    this.#socket.ref();
    if (this.#open) this.#sender.send();
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

  #frame(head: LaneHead): void {
    if (head.kind === 'B') {
      if (this.#open) this.#broken(head, 'said after its hello that it has another host');
      else this.#finish({ how: 'busy' });
      return;
    }
    const pending = this.#sent.first;
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
      this.#sent.removeFirst();
      this.#pace.end();
      pending.end((cause) => unansweredMessage(this.#address, pending.replyBytes, cause));
      const release = (): void => this.#options.memory?.release(pending.slot);
      if (pending.fetching) void pending.fetching.then(release);
      else release();
      this.#sent.markReached();
      this.#sender.send();
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
      this.#sender.send();
    }
  }

  #broken(head: LaneHead, why: string): void {
    this.#finish({ how: 'broken', why, bytes: encodeHead(head) });
  }

  /** Copies a reply from its file. */
  #fetch(pending: Pending, bytes: number): void {
    const { memory } = this.#options;
    pending.fetch(bytes, (decoder, whole) => memory?.read(pending.slot, bytes, decoder, whole));
    if (pending.fetching) this.#pauses.during(pending.fetching);
  }

  #part(bytes: Uint8Array): void {
    const pending = this.#sent.first;
    pending?.push(bytes);
    this.#sent.markReached();
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
    this.#sender.stop();
    this.#sent.first?.reject(slowReply(this.#address, error));
    const late = setTimeout(() => this.#socket.destroy(), ENDING_MS).unref();
    this.#socket.once('close', () => clearTimeout(late));
    onSlowReply(error.detail.bytes);
  }

  /** Ends the lane if a reply is endless. A reply whose caller has aborted is read as well, because the model waits for that. */
  #checkLength(pending: Pending | undefined): void {
    if (!pending || pending.replyBytes <= endlessBytes(this.#limits)) return;
    const { sequence, replyBytes: length } = pending;
    const why = `has sent ${length} bytes of one reply, past the limit of ${this.#limits.maxMessageBytes}`;
    this.#broken({ kind: 'R', slot: 0, sequence, length }, why);
  }

  #space(): Uint8Array | undefined {
    return this.#sent.first?.space();
  }

  #filled(bytes: number): void {
    const pending = this.#sent.first;
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
    const first = this.#sent.first;
    const unseen = [...this.#sender.end(), ...this.#sent.removeUnseen(taken, this.#tooSlow !== undefined)];
    this.#end = end;
    if (end.how !== 'declined') this.#pace.end();
    this.#rejectOpened(unopened(address, end));
    for (const pending of unseen) pending.reject(unseenMessage(address, end));
    if (end.how !== 'declined') {
      for (const pending of this.#sent.removeAll()) {
        const wasSlow = end.how === 'slow' && pending === first && pending.replyBytes > 0;
        pending.reject(wasSlow ? slowReply(address, end.error) : lostMessage(address, end, pending.replyBytes));
      }
    }
    this.#closeIfIdle();
  }

  /**
   * If no reply is due: closes the socket of a lane that has ended or is being closed, and lets the process end while the socket of an open
   * lane is idle.
   */
  #closeIfIdle(): void {
    const isBusy = this.#sender.isBusy || this.#sent.first !== undefined;
    if (this.#end ? !this.#sender.isBusy && !this.#sent.isWanted : this.#closing && !isBusy) this.#socket.destroy();
    else if (this.#open && !isBusy) this.#socket.unref();
  }
}
