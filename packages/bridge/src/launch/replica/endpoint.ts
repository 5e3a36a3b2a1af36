// The ways to one instance: the lane where its shim has come to it, its port otherwise. What was begun by the lane of a model
// that declines it in the middle goes on by the port, and its callers do not notice.
import { join } from 'node:path';
import { type ExchangeOptions, isTransportError, type Message, provesUnseen } from '@bridge/transport';
import { quoted } from '../../errors/quoted.ts';
import type { HeldTurn, Replica } from '../../guard/replica.ts';
import { isThere, readNote } from '../../lane/door.ts';
import { type Lane, openLane } from '../../lane/lane.ts';
import type { Instance, LanePlan, Listening, LogSink, Route, RouteOptions } from '../runtime.ts';
import { meaningOf } from './lane-reason.ts';

export interface LineOptions extends RouteOptions {
  readonly instance: Instance;
  readonly listening: Listening;
  readonly lane: LanePlan | undefined;
  readonly log: LogSink;
  /** Told when the model has said by its lane that it ends. */
  readonly onDied: () => void;
  /** Told when a reply by its lane dripped, and was given up. */
  readonly onDrip: (replyBytes: number) => void;
}

/** A turn where nobody has to wait for one. */
const FREE: HeldTurn = { release: async () => {} };

/** How long a lane may be away that was there, while its model lives. */
const AWAY_MS = 2000;

/** How a model is called. */
export type By = 'lane' | 'port';

export class Line {
  readonly #options: LineOptions;
  #lane: Lane | undefined;
  /** Lanes that were declined, and may still have replies to give. */
  readonly #lanes: Lane[] = [];
  #route: Promise<Route> | undefined;
  /** Since when the lane was not to be had. */
  #awaySince: number | undefined;
  /** The model has said that it ends. */
  #leaving = false;

  private constructor(options: LineOptions) {
    this.#options = options;
  }

  /**
   * Finds the way to an instance that listens.
   * @throws BridgeError BRIDGE_LAUNCH where none leads there; `signal.reason`
   */
  static async open(options: LineOptions, signal: AbortSignal): Promise<Line> {
    const line = new Line(options);
    const { lane } = options;
    if (lane) {
      const why = await line.#openLane(join(lane.folder, lane.socket), signal);
      if (why !== undefined) line.#tell('no lane', why);
    }
    if (!line.#lane) await line.route();
    return line;
  }

  get by(): By {
    return this.#lane ? 'lane' : 'port';
  }

  async exchange(message: Message, options: ExchangeOptions): Promise<Uint8Array> {
    const lane = this.#lane;
    if (lane) {
      try {
        const reply = await lane.exchange(message, options);
        this.#awaySince = undefined;
        return reply;
      } catch (error) {
        const reason = await this.#ending(error);
        if (reason === undefined) throw error;
        if (this.#lane === lane) this.#tell('the lane has ended, and the port is called instead', reason);
        this.#lane = undefined;
      }
    }
    return await (await this.route()).carrier.exchange(message, options);
  }

  /** A lane is ours alone, and keeps the order; at a port there may be others. */
  async takeTurn(...turn: Parameters<NonNullable<Replica['takeTurn']>>): Promise<HeldTurn> {
    if (this.#lane) return FREE;
    const { takeTurn } = await this.route();
    return takeTurn ? await takeTurn(...turn) : FREE;
  }

  /** Lets go of what is kept between messages. */
  rest(): void {
    void this.#route?.then(({ carrier }) => carrier.rest?.()).catch(() => {});
  }

  unref(): void {
    void this.#route?.then(({ carrier }) => carrier.unref?.()).catch(() => {});
  }

  /** When everything is closed; for an instance that has ended that is soon. */
  async close(): Promise<void> {
    const route = await this.#route?.catch(() => undefined);
    await Promise.all([...this.#lanes.map((lane) => lane.close()), route?.carrier.close()]);
  }

  /** Why there is no lane: as the shim says it, and what that means. */
  #tell(what: string, reason: string): void {
    const { log } = this.#options;
    log.note(`${what}: ${quoted(reason)}`);
    const meaning = meaningOf(reason);
    if (meaning !== undefined) log.note(meaning);
  }

  /**
   * Why messages go by the port from now on, after this one was not taken: the lane was declined; or it is away (its socket is
   * gone, or says that another has it) while the model lives and listens. Without this its callers would wait for ever.
   */
  async #ending(error: unknown): Promise<string | undefined> {
    const declined = isTransportError(error, 'TRANSPORT_UNREACHABLE') ? error.detail.declined : undefined;
    if (declined !== undefined) return String(declined);
    if (!provesUnseen(error) || this.#leaving) {
      this.#awaySince = undefined;
      return undefined;
    }
    const now = performance.now();
    this.#awaySince ??= now;
    if (now - this.#awaySince < AWAY_MS) return undefined;
    const listening = await this.#options.instance.listening().catch(() => undefined);
    return listening && `its socket is away, while the model lives: ${(error as Error).message}`;
  }

  private route(): Promise<Route> {
    const { instance, listening, log, ...options } = this.#options;
    this.#route ??= instance.route(listening, options).then((route) => {
      log.note(`messages go to ${route.how}`);
      return route;
    });
    return this.#route;
  }

  /** @returns why there is none */
  async #openLane(path: string, signal: AbortSignal): Promise<string | undefined> {
    const { dialect, limits, log, onDrip } = this.#options;
    const onDied = (): void => {
      this.#leaving = true;
      this.#options.onDied();
    };
    // It appears before the port is listened on: who finds neither knows that no shim is there.
    const note = await readNote(path);
    if (note !== undefined) return note;
    if (!(await isThere(path)))
      return 'no shim was loaded: the model is no Python program, or its Python was told to ignore it';
    try {
      const lane = await openLane(path, { dialect, ...(limits && { limits }), onDied, onDrip, signal });
      const { pid, python } = await lane.opened();
      log.note(
        `messages go by a lane to Python ${quoted(String(python))}, process ${Number(pid)} as it numbers itself`,
      );
      this.#lanes.push(lane);
      this.#lane = lane;
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (!isTransportError(error)) throw error;
      return (isTransportError(error, 'TRANSPORT_UNREACHABLE') && error.detail.declined) || error.message;
    }
  }
}
