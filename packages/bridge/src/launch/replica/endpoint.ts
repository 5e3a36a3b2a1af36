// The endpoint at which one instance is called. It is the instance's lane (the fast path to a Python model) if the shim, our code inside
// the model's Python, has opened a lane; else it is the instance's port. If the model declines the lane before it takes a message, or the
// lane stays unreachable while the model runs, the message is sent to the port, and its caller gets no error.
import { join } from 'node:path';
import { type ExchangeOptions, isTransportError, type Message, provesUnseen } from '@bridge/transport';
import { quoted } from '../../errors/quoted.ts';
import type { ModelTurn, Replica } from '../../guard/replica.ts';
import { type Lane, openLane } from '../../lane/lane.ts';
import { isThere, readNote } from '../../lane/socket-file.ts';
import type { Instance, LanePlan, Listening, LogSink, Route, RouteOptions } from '../runtime.ts';
import { meaningOf } from './lane-reason.ts';

export interface EndpointOptions extends RouteOptions {
  readonly instance: Instance;
  readonly listening: Listening;
  readonly lane: LanePlan | undefined;
  readonly log: LogSink;
  /** Called when the model has announced its end through its lane. */
  readonly onDied: () => void;
  /** Called when a reply through the lane arrived too slowly, after so many bytes of it. */
  readonly onSlowReply: (replyBytes: number) => void;
}

/** The turn at a lane, where no turns are needed. */
const NO_TURN: ModelTurn = { release: async () => {} };

/** Milliseconds for which the lane of a running model may be unreachable before its port is called instead. */
const AWAY_MS = 2000;

/** The two ways to an instance. */
export type EndpointKind = 'lane' | 'port';

export class Endpoint {
  readonly #options: EndpointOptions;
  #lane: Lane | undefined;
  /** All lanes that were opened. A lane that was declined may still have replies to deliver. */
  readonly #lanes: Lane[] = [];
  #route: Promise<Route> | undefined;
  /** The time at which the lane was first found unreachable. */
  #awaySince: number | undefined;
  /** True once the model has announced its end. */
  #leaving = false;

  /** Called by `open` only. */
  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the endpoint of an instance that listens on its port.
   * @throws BridgeError BRIDGE_LAUNCH if the instance cannot be reached; `signal.reason` when aborted
   */
  static async open(options: EndpointOptions, signal: AbortSignal): Promise<Endpoint> {
    const endpoint = new Endpoint(options);
    const { lane } = options;
    if (lane) {
      const reason = await endpoint.#openLane(join(lane.folder, lane.socket), signal);
      if (reason !== undefined) endpoint.#note('no lane', reason);
    }
    if (!endpoint.#lane) await endpoint.#port();
    return endpoint;
  }

  get by(): EndpointKind {
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
        const reason = await this.#reasonForPort(error);
        if (reason === undefined) throw error;
        if (this.#lane === lane) this.#note('the lane has ended, and the port is called instead', reason);
        this.#lane = undefined;
      }
    }
    return await (await this.#port()).carrier.exchange(message, options);
  }

  /** Takes a turn at the port, which other programs may call. The lane needs none: it has one caller, and keeps the order. */
  async takeTurn(...turn: Parameters<NonNullable<Replica['takeTurn']>>): Promise<ModelTurn> {
    if (this.#lane) return NO_TURN;
    const { takeTurn } = await this.#port();
    return takeTurn ? await takeTurn(...turn) : NO_TURN;
  }

  /** Closes connections that are open between messages. */
  rest(): void {
    void this.#route?.then(({ carrier }) => carrier.rest?.()).catch(() => {});
  }

  /** Lets the process end even if messages are in progress. */
  unref(): void {
    for (const lane of this.#lanes) lane.unref();
    void this.#route?.then(({ carrier }) => carrier.unref?.()).catch(() => {});
  }

  /** Resolves when all connections are closed, which is soon if the instance has ended. */
  async close(): Promise<void> {
    const route = await this.#route?.catch(() => undefined);
    await Promise.all([...this.#lanes.map((lane) => lane.close()), route?.carrier.close()]);
  }

  /** Notes in the log why there is no lane: the reason from the shim, and an explanation of it. */
  #note(what: string, reason: string): void {
    const { log } = this.#options;
    log.note(`${what}: ${quoted(reason)}`);
    const meaning = meaningOf(reason);
    if (meaning !== undefined) log.note(meaning);
  }

  /**
   * Returns the reason for which messages go to the port from now on, after the lane did not take this one: the lane was declined, or it
   * is unreachable (its socket is gone, or has another host) while the model runs and listens. Otherwise its callers would wait for
   * ever. Returns undefined if messages still go to the lane.
   */
  async #reasonForPort(error: unknown): Promise<string | undefined> {
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
    return listening && `the lane's socket cannot be used, although the model is running: ${(error as Error).message}`;
  }

  #port(): Promise<Route> {
    const { instance, listening, log, ...options } = this.#options;
    this.#route ??= instance.route(listening, options).then((route) => {
      log.note(`messages go to ${route.how}`);
      return route;
    });
    return this.#route;
  }

  /** Opens the lane. Resolves with the reason if that is not possible, else with undefined. */
  async #openLane(path: string, signal: AbortSignal): Promise<string | undefined> {
    const { dialect, limits, log, onSlowReply } = this.#options;
    const onDied = (): void => {
      this.#leaving = true;
      this.#options.onDied();
    };
    // The shim writes the note before the model listens on its port. If there is neither a note nor a lane, no shim was loaded.
    const note = await readNote(path);
    if (note !== undefined) return note;
    if (!(await isThere(path)))
      return 'no shim was loaded: the model is not a Python program, or its Python was told to ignore the shim';
    try {
      const lane = await openLane(path, { dialect, ...(limits && { limits }), onDied, onSlowReply, signal });
      const { pid, python } = await lane.opened();
      log.note(`messages go by a lane to Python ${quoted(String(python))}, whose os.getpid() is ${Number(pid)}`);
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
