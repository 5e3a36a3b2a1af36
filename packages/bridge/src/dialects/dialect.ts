// A dialect: the protocol that a Python program speaks on a stream socket, as a value. The contract; each dialect has a file of its own.
import type { NoReply } from '@bridge/transport';
import type { SocketDialect } from '@bridge/transport/tcp';
import type { CodecOption } from '../codecs/check-codec.ts';

/**
 * A dialect of a stream socket: how requests and replies are framed, how a connection begins and ends, and what the messages in the
 * frames are.
 */
export interface Dialect extends SocketDialect {
  /** The dialect's name in error messages. Default: `the given dialect`. */
  readonly name?: string | undefined;
  /** The codec of both directions, or one for each. Default: `codecs.npy`. */
  readonly codec?: CodecOption | undefined;
}

/** A dialect whose programs answer nothing. */
export interface OneWayDialect extends Dialect {
  readonly reply: NoReply;
}
