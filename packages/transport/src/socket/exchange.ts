// One request, one reply, one connection.
// The request leaves in one vectored write once the connection stands; the reply is read straight into the memory that
// its framing asks for. Whatever happens, the promise settles once and the socket goes. Giving up resets the connection:
// that tells the peer from one who merely closed his half and still wants his reply.
import { connect, type NetConnectOpts } from 'node:net';
import type { ExchangeOptions } from '../carrier.ts';
import type { Message } from '../message.ts';
import type { SocketOptions } from './dialect.ts';
import { connectError, lostError, trailingError } from './errors.ts';

/** Where to connect, and its name for messages. */
export interface SocketTarget {
  readonly connect: NetConnectOpts;
  readonly address: string;
}

/** What reads beyond the reply would land in: the socket is closed by then. */
const SPENT = new Uint8Array(1);

/**
 * Sends `message` on a connection of its own and reads the reply.
 * @throws TransportError TRANSPORT_REFUSED, TRANSPORT_UNREACHABLE, TRANSPORT_CLOSED_BEFORE_REPLY,
 *   TRANSPORT_CLOSED_INSIDE_REPLY, TRANSPORT_BAD_FRAME, TRANSPORT_TOO_LARGE; what the reply's framing throws;
 *   `signal.reason` when aborted
 */
export async function exchangeOnce(
  target: SocketTarget,
  { dialect, limits }: SocketOptions,
  message: Message,
  { signal }: ExchangeOptions = {},
): Promise<Uint8Array> {
  if (signal?.aborted) throw signal.reason;
  const parts = dialect.request.encode(message);
  const decoder = dialect.reply.decoder(limits);
  return await new Promise<Uint8Array>((resolve, reject) => {
    let settled = false;
    let connected = false;
    let replyBytes = 0;
    const socket = connect({
      ...target.connect,
      noDelay: true,
      onread: {
        buffer: () => (settled ? SPENT : decoder.space()),
        callback: (bytes) => {
          replyBytes += bytes;
          read(() => decoder.filled(bytes));
          return !settled;
        },
      },
    } as NetConnectOpts);

    const settle = (end: () => void): void => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener('abort', abort);
      leave();
      end();
    };
    const leave = (): void => {
      // A connection being made cannot be taken back, and there are peers that die of one that brings nothing: it goes
      // on to deliver its message, unless the process ends before.
      if (socket.connecting) socket.unref();
      else if (connected && (dialect.close === 'reset' || signal?.aborted)) socket.resetAndDestroy();
      else socket.destroy();
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const read = (next: () => Uint8Array | undefined): void => {
      try {
        const reply = next();
        if (!reply) return;
        if (decoder.pendingBytes > 0) throw trailingError(target.address, reply.length, decoder.pendingBytes);
        settle(() => resolve(reply));
      } catch (error) {
        fail(error);
      }
    };
    const abort = (): void => fail(signal?.reason);
    const lost = (cause?: Error): void => fail(lostError(target.address, replyBytes, cause));

    signal?.addEventListener('abort', abort, { once: true });
    socket.on('connect', () => {
      connected = true;
      socket.cork();
      for (const part of parts) socket.write(part);
      if (dialect.request.endsStream) socket.end();
      socket.uncork();
      if (settled) socket.destroySoon();
    });
    socket.on('end', () => {
      // Only a framing that ends with its stream has a message to give here.
      try {
        const reply = decoder.end();
        if (reply && replyBytes > 0) settle(() => resolve(reply));
      } catch (error) {
        lost(error as Error);
      }
      lost();
    });
    socket.on('error', (error) => (connected ? lost(error) : fail(connectError(target.address, error))));
    socket.on('close', () => lost());
  });
}
