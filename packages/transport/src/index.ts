// @bridge/transport: messages, the framings that delimit them on a stream, and the carriers' contract.
// Each carrier has an entry of its own: @bridge/transport/tcp.

export { describeValue } from './errors/describe-value.ts';
export type { DetailByCode } from './errors/error-detail.ts';
export {
  type AnyTransportError,
  isTransportError,
  provesUnseen,
  TransportError,
  type TransportErrorCode,
  type TransportFault,
} from './errors/transport-error.ts';
export type {
  Carrier,
  Closable,
  ExchangeOptions,
  ExchangeStep,
  Handler,
  HandlerContext,
  Listener,
  PlatformSignal,
  Signal,
} from './exchange/carrier.ts';
export { type Mover, openCarrier } from './exchange/open-carrier.ts';
export { type ReplyLimits, resolveReplyLimits } from './exchange/reply-limits.ts';
export { asciiLength } from './framing/ascii-length.ts';
export { type Frame, FrameAssembler, type Measure } from './framing/assembler.ts';
export { decimalLength } from './framing/decimal-length.ts';
export { delimited } from './framing/delimited.ts';
export { fixedLength } from './framing/fixed-length.ts';
export type { FrameDecoder, Framing } from './framing/framing.ts';
export { defaultFrameLimits, type FrameLimits, resolveFrameLimits } from './framing/limits.ts';
export { joinMessage, type Message, messageBytes } from './framing/message.ts';
export { type NoReply, noReply } from './framing/no-reply.ts';
export { uintLength } from './framing/uint-length.ts';
export { untilClose } from './framing/until-close.ts';
export type { ExchangePlan } from './stream/dialect/conversation.ts';
export { checkDialect, type SocketDialect } from './stream/dialect/dialect.ts';
export type { Token } from './stream/dialect/token.ts';
