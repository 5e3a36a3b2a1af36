// What a peer speaks on a stream socket: how each direction is framed, and how a connection ends. Options of both ends.
import type { FrameLimits, Framing } from '../framing/framing.ts';

/** How an existing program talks on a stream. */
export interface SocketDialect {
  readonly request: Framing;
  readonly reply: Framing;
  /**
   * How the calling side ends a connection once it has its reply. `fin` (default) closes it in the usual way;
   * `reset` leaves no TIME_WAIT behind, for peers that take one connection a message and do not close it; `peer` lets
   * the peer close first, for those that do.
   */
  readonly close?: 'fin' | 'reset' | 'peer';
  /** `message` (default): a connection for each message. `persistent`: a connection is kept for the messages to come. */
  readonly connection?: 'message' | 'persistent';
}

/** What both ends of a socket take. */
export interface SocketOptions {
  readonly dialect: SocketDialect;
  readonly limits?: Partial<FrameLimits>;
}

/** How to listen. */
export interface SocketListenOptions extends SocketOptions {
  /** Close each connection after its first reply, as peers that read up to the end expect. Default: unless `persistent`. */
  readonly oneMessage?: boolean;
  /** Told of every connection that failed: a broken frame, a handler that threw, a peer that went away. */
  readonly onError?: (error: unknown, peer: string) => void;
}
