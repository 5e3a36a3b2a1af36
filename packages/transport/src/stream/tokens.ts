// The tokens (greetings and acknowledgements) of a connection, for both of its ends: if the dialect has tokens, an end reads through a
// Conversation, and sends the tokens that are due according to it.
import type { Socket } from 'node:net';
import { decoderOf } from '../framing/decoder-of.ts';
import { Conversation, hasTokens } from '../framing/dialect/conversation.ts';
import type { SocketDialect } from '../framing/dialect/dialect.ts';
import type { End } from '../framing/dialect/token.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import type { FrameLimits } from '../framing/limits.ts';

/** The decoder of what the other end of a connection sends. If the dialect has tokens, it is the conversation. */
export interface Reader {
  readonly decoder: FrameDecoder;
  readonly conversation: Conversation | undefined;
}

/**
 * Returns the reader of one connection, for `end` of it.
 * @throws TransportError TRANSPORT_BAD_OPTION if a framing returns no decoder; what the framings and the functions of tokens throw
 */
export function openReader(end: End, dialect: SocketDialect, limits: FrameLimits | undefined): Reader {
  const conversation = hasTokens(dialect) ? new Conversation(end, dialect, limits) : undefined;
  return {
    conversation,
    decoder: conversation ?? decoderOf(end === 'caller' ? dialect.reply : dialect.request, limits),
  };
}

/** Sends the tokens that are due. They are small, so nothing waits until the other end has read them. */
export function sendTokens(socket: Socket, conversation: Conversation | undefined): void {
  if (conversation) for (const part of conversation.outgoing()) if (socket.writable) socket.write(part);
}
