// The endpoint at which one instance is called: its lane if its shim has opened one, its port otherwise. A message that was begun
// by the lane of a model that then declines the lane is sent by the port, and its caller does not notice.
import { join } from 'node:path';
import { type ExchangeOptions, isTransportError, type Message, provesUnseen } from '@bridge/transport';
import { quoted } from '../../errors/quoted.ts';
import type { ModelTurn, Replica } from '../../guard/replica.ts';
import { isThere, readNote } from '../../lane/door.ts';
import { type Lane, openLane } from '../../lane/lane.ts';
import type { Instance, LanePlan, Listening, LogSink, Route, RouteOptions } from '../runtime.ts';
import { meaningOf } from './lane-reason.ts';

export interface EndpointOptions extends RouteOptions {
  readonly instance: Instance;
  readonly listening: Listening;
  readonly lane: LanePlan | undefined;
  readonly log: LogSink;
  /** Called when the model has announced its end by its lane. */
  readonly onDied: () => void;
  /** Called when a reply by the lane was given up because it came too slowly. */
  readonly onDrip: (replyBytes: number) => void;
}

/** The turn at a lane, which needs none. */
const NO_TURN: ModelTurn = { release: async () => {} };

/** Milliseconds for which the lane of a living model may be unreachable, before the port is called instead. */
const AWAY_MS = 2000;

/** The ways to an instance. */
export type EndpointKind = 'lane' | 'port';

export class Endpoint {
  readonly #options: EndpointOptions;
  #lane: Lane | undefined;
  /** All lanes that were opened. One that was declined may still have replies to give. */
  readonly #lanes: Lane[] = [];
  #route: Promise<Route> | undefined;
  /** The time at which the lane was first found unreachable. */
  #awaySince: number | undefined;
  /** True once the model has announced its end. */
  #leaving = false;

  /** Use `open`. */
  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the endpoint of an instance that listens.
   * @throws BridgeError BRIDGE_LAUNCH if no way leads to it; `signal.reason`
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

  /** Takes a turn at the port, which other programs may call. The lane needs none: it has no other callers and keeps the order. */
  async takeTurn(...turn: Parameters<NonNullable<Replica['takeTurn']>>): Promise<ModelTurn> {
    if (this.#lane) return NO_TURN;
    const { takeTurn } = await this.#port();
    return takeTurn ? await takeTurn(...turn) : NO_TURN;
  }

  /** Closes connections that are kept between messages. */
  rest(): void {
    void this.#route?.then(({ carrier }) => carrier.rest?.()).catch(() => {});
  }

  /** Lets the process end although messages are under way. */
  unref(): void {
    for (const lane of this.#lanes) lane.unref();
    void this.#route?.then(({ carrier }) => carrier.unref?.()).catch(() => {});
  }

  /** Resolves when all connections are closed, which is soon if the instance has ended. */
  async close(): Promise<void> {
    const route = await this.#route?.catch(() => undefined);
    await Promise.all([...this.#lanes.map((lane) => lane.close()), route?.carrier.close()]);
  }

  /** Notes in the log why there is no lane: the shim's words, and their meaning. */
  #note(what: string, reason: string): void {
    const { log } = this.#options;
    log.note(`${what}: ${quoted(reason)}`);
    const meaning = meaningOf(reason);
    if (meaning !== undefined) log.note(meaning);
  }

  /**
   * Returns why messages go by the port from now on, after the lane did not take this one: the lane was declined, or it is
   * unreachable (its socket is gone, or has another host) while the model lives and listens. Without the latter check the callers
   * would wait for ever.
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
    return listening && `its socket cannot be used, while the model lives: ${(error as Error).message}`;
  }

  #port(): Promise<Route> {
    const { instance, listening, log, ...options } = this.#options;
    this.#route ??= instance.route(listening, options).then((route) => {
      log.note(`messages go to ${route.how}`);
      return route;
    });
    return this.#route;
  }

  /** Resolves with the reason if there is no lane. */
  async #openLane(path: string, signal: AbortSignal): Promise<string | undefined> {
    const { dialect, limits, log, onDrip } = this.#options;
    const onDied = (): void => {
      this.#leaving = true;
      this.#options.onDied();
    };
    // The note is written before the port is listened on, so if neither note nor lane is there, no shim is.
    const note = await readNote(path);
    if (note !== undefined) return note;
    if (!(await isThere(path)))
      return 'no shim was loaded: the model is not a Python program, or its Python was told to ignore it';
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
