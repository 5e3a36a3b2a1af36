// One connection to a model's lane: requests out in order, replies in, until either end has enough.
// A request that was begun is finished, and its reply is read to the end, whether anybody waits for it or not.
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
import { openDoor } from './door.ts';
import {
  type LaneEnd,
  lostMessage,
  shrunkMessage,
  slowReply,
  unansweredMessage,
  unopened,
  unseenMessage,
} from './errors.ts';
import { HeadPace } from './head-pace.ts';
import type { LentMemory } from './memory.ts';
import { Pending } from './pending.ts';
import { LaneReader } from './reader.ts';
import { encodeHead, HEAD_BYTES, helloOf, type LaneHead, type LaneHello, writeHead } from './wire.ts';

export interface ConnectionOptions {
  /** What the model speaks on the sockets that it believes it has. */
  readonly dialect: SocketDialect;
  readonly limits?: Partial<ReplyLimits>;
  /** Memory to lend to the model. */
  readonly memory?: LentMemory | undefined;
  /** Requests of this size or more go through it. */
  readonly memoryBytes: number;
  /** Called when a reply drips and was given up. It has to end the model soon: until then the messages behind that reply are not settled. */
  readonly onDrip?: ((replyBytes: number) => void) | undefined;
  /** What a socket's error in connecting says of the lane. */
  readonly unreached: (error: Error) => Promise<LaneEnd>;
}

/** A message that is to be sent. */
interface Outgoing {
  readonly pending: Pending;
  readonly parts: Message;
  readonly bytes: number;
}

/** Up to here one buffer is written faster than several. */
const JOIN_BYTES = 16_384;
/** Frames that are read before the event loop gets a turn: far more than a model sends for the messages under way. */
const FRAMES_AT_ONCE = 4096;
/** Bytes that a framing may add to the largest message. A reply that goes on past both is taken to have no end. */
const FRAMING_BYTES = 2 ** 20;
/** Milliseconds in which the supervisor has to end a model whose reply drips. */
const ENDING_MS = 5000;

export class LaneConnection {
  readonly #address: string;
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #reader: LaneReader;
  readonly #limits: ReplyLimits;
  /** What a connection that was not made means, while it is being found out. */
  #asking: Promise<void> | undefined;
  /** Replies that another thread is copying: what comes behind them would have to be kept. */
  #fetching = 0;
  /** Taken since others last had their turn; and whether they are having it. */
  #frames = 0;
  #breathing = false;
  /** Not sent yet: the model has not said hello, or a message in front is being put into memory. */
  #outgoing: Outgoing[] = [];
  #writing: Pending | undefined;
  readonly #pace: HeadPace;
  /** Set when a reply has dripped, and its model is to be ended. */
  #dripped: TransportError | undefined;
  /** Sent, and not ended by the model. The first one is in its hands. */
  #queue: Pending[] = [];
  #sequence = 0;
  #connected = false;
  #open = false;
  #end: LaneEnd | undefined;
  #closing = false;
  readonly #opened: Promise<LaneHello>;
  #hello!: (hello: LaneHello) => void;
  #goodbye!: (error: unknown) => void;
  readonly #closed: Promise<void>;

  constructor(path: string, address: string, options: ConnectionOptions) {
    this.#address = address;
    this.#options = options;
    this.#limits = resolveReplyLimits(options.limits);
    this.#pace = new HeadPace(this.#limits, (error) => this.#drips(error));
    this.#reader = new LaneReader({
      frame: (head) => this.#frame(head),
      text: (head, text) => this.#text(head, text),
      part: (bytes) => this.#part(bytes),
      space: () => this.#space(),
      filled: (bytes) => this.#filled(bytes),
      broken: (bytes, why) => this.#over({ how: 'broken', why, bytes }),
    });
    this.#opened = new Promise((resolve, reject) => {
      this.#hello = resolve;
      this.#goodbye = reject;
    });
    this.#opened.catch(() => {});
    const onread = {
      buffer: () => this.#reader.space(),
      callback: (bytes: number) => {
        this.#frames += this.#reader.filled(bytes);
        this.#pace.hold(this.#queue[0]);
        if (this.#frames > FRAMES_AT_ONCE) this.#breathe();
        return this.#mayRead;
      },
    };
    const door = openDoor(path);
    const socket = typeof door === 'string' ? new Socket() : connect({ path: door.path, onread });
    this.#socket = socket;
    socket.on('connect', () => {
      this.#connected = true;
    });
    socket.on('error', (error) => {
      if (this.#connected) this.#over({ how: 'lost', cause: error });
      else this.#asking ??= options.unreached(error).then((end) => this.#over(end));
    });
    this.#closed = new Promise((resolve) => {
      const close = (): void => {
        this.#over({ how: 'lost' });
        options.memory?.dispose();
        resolve();
      };
      socket.on('close', () => {
        if (this.#asking) void this.#asking.then(close);
        else close();
      });
    });
    if (typeof door === 'string') {
      this.#asking = Promise.resolve().then(() => this.#over({ how: 'declined', reason: door }));
      socket.destroy();
    } else door.release();
  }

  /** Whether it takes no more messages. */
  get over(): boolean {
    return this.#end !== undefined || this.#closing || this.#dripped !== undefined;
  }

  /** Whether the model has said that it ends. */
  get died(): boolean {
    return this.#end?.how === 'died';
  }

  /** The model's hello: it waits for messages. */
  get opened(): Promise<LaneHello> {
    return this.#opened;
  }

  /** When its socket is gone. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /** Sends a message behind those that were given before, and waits for its reply. */
  exchange(message: Message, options: ExchangeOptions): Promise<Uint8Array> {
    const { dialect } = this.#options;
    const { maxMessageBytes } = this.#limits;
    const parts = dialect.request.encode(message);
    const pending = new Pending(this.#address, dialect.reply.decoder({ maxMessageBytes }), options);
    this.#outgoing.push({ pending, parts, bytes: messageBytes(parts) });
    if (this.#open) this.#send();
    return pending.reply;
  }

  /** Takes no more messages, finishes what was begun and closes. */
  close(): Promise<void> {
    this.#closing = true;
    if (this.#dripped) this.#socket.destroy();
    else this.#rest();
    return this.#closed;
  }

  #send(): void {
    this.#socket.ref();
    while (!this.#writing && !this.#end && !this.#dripped) {
      const next = this.#outgoing.shift();
      if (!next) break;
      const { pending, parts, bytes } = next;
      // Its caller has given up, and nothing of it was sent.
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
    this.#rest();
  }

  #write({ pending, parts, bytes }: Outgoing, lent: boolean): void {
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
    this.#reach();
  }

  /** The first message that has no whole reply is in the model's reach. Those behind it are provably unseen. */
  #reach(): void {
    const first = this.#queue[0];
    (first?.answered ? this.#queue[1] : first)?.reached();
  }

  #frame(head: LaneHead): void {
    if (head.kind === 'B') {
      if (this.#open) this.#broken(head, 'said that it is busy, and has said hello');
      else this.#over({ how: 'busy' });
      return;
    }
    const pending = this.#queue[0];
    if (!pending || head.sequence !== pending.sequence) {
      this.#broken(head, `answered request ${head.sequence}, which is not the one that it has`);
      return;
    }
    if (head.kind === 'S') {
      // Once, and first: each time costs a copy, which the model pays nothing for.
      if (head.slot !== pending.slot || pending.replyBytes > 0)
        this.#broken(head, `said that a reply lies in memory ${head.slot}, which was not lent for that`);
      else this.#fetch(pending, head.length);
    } else if (head.kind === 'E') {
      this.#queue.shift();
      this.#pace.end();
      pending.end((cause) => unansweredMessage(this.#address, pending.replyBytes, cause));
      const release = (): void => this.#options.memory?.release(pending.slot);
      if (pending.fetching) void pending.fetching.then(release);
      else release();
      this.#reach();
      this.#send();
    }
  }

  #text(head: LaneHead, text: string): void {
    if (head.kind === 'X') this.#over({ how: 'died', traceback: text }, head.sequence);
    else if (this.#end) this.#broken(head, 'went on behind its end');
    else if (head.kind === 'D') this.#over({ how: 'declined', reason: text }, head.sequence);
    else {
      const hello = helloOf(text);
      if (!hello || this.#open) {
        this.#broken(head, this.#open ? 'said hello twice' : 'sent a hello that is none');
        return;
      }
      this.#open = true;
      this.#hello(hello);
      this.#send();
    }
  }

  #broken(head: LaneHead, why: string): void {
    this.#over({ how: 'broken', why, bytes: encodeHead(head) });
  }

  /** Has a reply copied out of memory. */
  #fetch(pending: Pending, bytes: number): void {
    const { memory } = this.#options;
    pending.fetch(bytes, (decoder, whole) => memory?.read(pending.slot, bytes, decoder, whole));
    const { fetching } = pending;
    if (!fetching) return;
    this.#fetching++;
    void fetching.then(() => {
      this.#fetching--;
      this.#readOn();
    });
  }

  /** A socket is read until it is empty. One that is kept full of crumbs must not keep everybody else. */
  #breathe(): void {
    this.#breathing = true;
    setImmediate(() => {
      this.#breathing = false;
      this.#frames = 0;
      this.#readOn();
    });
  }

  get #mayRead(): boolean {
    return this.#fetching === 0 && !this.#breathing;
  }

  #readOn(): void {
    if (this.#mayRead && !this.#socket.destroyed) this.#socket.resume();
  }

  #part(bytes: Uint8Array): void {
    const pending = this.#queue[0];
    pending?.push(bytes);
    this.#reach();
    this.#endless(pending);
  }

  /**
   * Whether a message behind this one was taken is known when the model has ended: it tells the end of a reply in parts before it
   * takes the next message. One that has declined the lane has real sockets, and hears that its host is gone.
   */
  #drips(error: TransportError): void {
    const { onDrip } = this.#options;
    if (!onDrip || this.#end) {
      this.#over({ how: 'slow', error });
      return;
    }
    this.#dripped = error;
    this.#queue[0]?.reject(slowReply(this.#address, error));
    const late = setTimeout(() => this.#socket.destroy(), ENDING_MS).unref();
    this.#socket.once('close', () => clearTimeout(late));
    onDrip(Number(error.detail['bytes']));
  }

  /** A reply that nobody wants is read to its end, for the model's sake: but it has to have one. */
  #endless(pending: Pending | undefined): void {
    if (!pending || pending.replyBytes <= this.#limits.maxMessageBytes + FRAMING_BYTES) return;
    const { sequence, replyBytes: length } = pending;
    this.#broken({ kind: 'R', slot: 0, sequence, length }, `went on with a reply after ${length} bytes`);
  }

  #space(): Uint8Array | undefined {
    return this.#queue[0]?.space();
  }

  #filled(bytes: number): void {
    const pending = this.#queue[0];
    pending?.filled(bytes);
    this.#endless(pending);
  }

  /** @param taken the last request that the model took, where it said so */
  #over(how: LaneEnd, taken?: number): void {
    if (this.#end && this.#end.how !== 'declined') return;
    const end: LaneEnd = this.#dripped ? { how: 'slow', error: this.#dripped } : how;
    const address = this.#address;
    const first = this.#queue[0];
    // Requests are taken in order, and a reply is ended before the next request is taken, or together with its reply.
    // A model that says less of itself than it has shown is not believed.
    const shown = first && first.replyBytes > 0 ? first.sequence : 0;
    const mayHaveNext = first && first.replyBytes > 0 && !this.#dripped;
    const last = Math.max(shown, taken ?? (first ? first.sequence + (mayHaveNext ? 1 : 0) : 0));
    const unseen = [...this.#outgoing.map(({ pending }) => pending), ...(this.#writing ? [this.#writing] : [])];
    const stay = this.#queue.filter(({ sequence }) => sequence <= last);
    unseen.push(...this.#queue.filter(({ sequence }) => sequence > last));
    this.#outgoing = [];
    this.#queue = end.how === 'declined' ? stay : [];
    this.#end = end;
    if (end.how !== 'declined') this.#pace.end();
    this.#goodbye(unopened(address, end));
    for (const pending of unseen) pending.reject(unseenMessage(address, end));
    if (end.how !== 'declined') {
      for (const pending of stay) {
        const dripped = end.how === 'slow' && pending === first && pending.replyBytes > 0;
        pending.reject(dripped ? slowReply(address, end.error) : lostMessage(address, end, pending.replyBytes));
      }
    }
    this.#rest();
  }

  /** Closes where nothing is to come any more; else keeps the process alive only while something is. */
  #rest(): void {
    const busy = this.#queue.length > 0 || this.#outgoing.length > 0 || this.#writing !== undefined;
    const wanted = (): boolean =>
      this.#queue.some(({ settled }) => !settled) || this.#outgoing.length > 0 || this.#writing !== undefined;
    if (this.#end ? !wanted() : this.#closing && !busy) this.#socket.destroy();
    else if (this.#open && !busy) this.#socket.unref();
  }
}

/** A frame in one piece. */
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
