// The contract of dialects. A dialect is a value that describes how a Python program speaks on a stream socket. Each dialect has a file
// of its own.
import type { NoReply } from '@bridge/transport';
import type { SocketDialect } from '@bridge/transport/tcp';
import type { CodecOption } from '../codecs/check-codec.ts';

/**
 * A dialect of a stream socket: how requests and replies are framed, how a connection begins and ends, and how arrays are encoded in
 * the messages.
 */
export interface Dialect extends SocketDialect {
  /** The dialect's name in error messages. Default: `the given dialect`. */
  readonly name?: string | undefined;
  /** The codec of both directions, or one for each. Default: `codecs.npy`. */
  readonly codec?: CodecOption | undefined;
}

/** A dialect of programs that send no replies. */
export interface OneWayDialect extends Dialect {
  readonly reply: NoReply;
}
