// What a Python program speaks on a stream socket, as a value. The contract; each dialect has a file of its own.
import type { NoReply } from '@bridge/transport';
import type { SocketDialect } from '@bridge/transport/tcp';
import type { ArrayKind } from '../codecs/schema.ts';

/** A dialect with a name for messages: the framing of the request, the framing of the reply, and how a connection ends. */
export interface Dialect extends SocketDialect {
  readonly name: string;
  /** Why its programs cannot take an array, where they cannot: such an array is refused before anything is opened. */
  readonly refuses?: (array: ArrayKind) => string | undefined;
}

/** A dialect whose programs answer nothing. */
export interface OneWayDialect extends Dialect {
  readonly reply: NoReply;
}
