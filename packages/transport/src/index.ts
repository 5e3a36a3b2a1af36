// @bridge/transport: messages, the framings that delimit them on a stream, and the contract of carriers, which move them between programs.
// Each carrier is imported from an entry point of its own, such as @bridge/transport/tcp. The names are in the order in which users need
// them; those for writing carriers and framings of your own come last.

// Messages.

export { joinMessage, type Message, messageBytes } from './framing/message.ts';

// Framings: the rules by which a stream tells where a message ends.

export { asciiLength } from './framing/ascii-length.ts';
export { decimalLength } from './framing/decimal-length.ts';
export { delimited } from './framing/delimited.ts';
export { fixedLength } from './framing/fixed-length.ts';
export { type NoReply, noReply } from './framing/no-reply.ts';
export { uintLength } from './framing/uint-length.ts';
export { untilClose } from './framing/until-close.ts';

// Dialects: the framings, greetings and connections that a peer expects.

export type { ExchangePlan } from './framing/dialect/conversation.ts';
export type { SocketDialect } from './framing/dialect/dialect.ts';
export type { Token } from './framing/dialect/token.ts';

// Both ends: a carrier sends requests, a listener answers them.

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

// Limits.

export { type ReplyLimits, resolveReplyLimits } from './exchange/reply-limits.ts';
export { defaultFrameLimits, type FrameLimits, resolveFrameLimits } from './framing/limits.ts';

// Errors.

export type { DetailByCode } from './errors/error-detail.ts';
export {
  type AnyTransportError,
  isTransportError,
  provesUnseen,
  TransportError,
  type TransportErrorCode,
  type TransportFault,
} from './errors/transport-error.ts';

// For carriers, framings and packages of your own.

export { describeValue } from './errors/describe-value.ts';
export { type Mover, makeCarrier } from './exchange/make-carrier.ts';
export { type Frame, FrameAssembler, type Measure } from './framing/assembler.ts';
export { checkDialect } from './framing/dialect/dialect.ts';
export type { FrameDecoder, Framing } from './framing/framing.ts';
