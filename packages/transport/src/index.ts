// @bridge/transport: messages, the framings that delimit them on a stream, and the carriers' contract.
// Each carrier has an entry of its own: @bridge/transport/tcp.

export type {
  Carrier,
  Closable,
  ExchangeOptions,
  ExchangeStep,
  Handler,
  HandlerContext,
  Listener,
  Signal,
} from './carrier.ts';
export { describeValue } from './describe-value.ts';
export {
  isTransportError,
  provesUnseen,
  TransportError,
  type TransportErrorCode,
  type TransportFault,
} from './errors.ts';
export { asciiLength } from './framing/ascii-length.ts';
export { type Frame, FrameAssembler, type Measure } from './framing/assembler.ts';
export type { ExchangePlan } from './framing/conversation.ts';
export { decimalLength } from './framing/decimal-length.ts';
export { delimited } from './framing/delimited.ts';
export { checkDialect, type SocketDialect } from './framing/dialect.ts';
export { fixedLength } from './framing/fixed-length.ts';
export type { FrameDecoder, Framing } from './framing/framing.ts';
export { defaultFrameLimits, type FrameLimits, resolveFrameLimits } from './framing/limits.ts';
export { type NoReply, noReply } from './framing/no-reply.ts';
export { type ReplyLimits, resolveReplyLimits } from './framing/reply-limits.ts';
export type { Token } from './framing/token.ts';
export { uintLength } from './framing/uint-length.ts';
export { untilClose } from './framing/until-close.ts';
export { joinMessage, type Message, messageBytes } from './message.ts';
export { type Mover, openCarrier } from './open-carrier.ts';
