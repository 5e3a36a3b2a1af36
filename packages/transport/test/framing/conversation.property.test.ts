// Both ends of a conversation exchange bytes without a socket: wherever the bytes are cut, each end gets every token and every
// message in order, and none before its turn.
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { isTransportError } from '../../src/errors/transport-error.ts';
import { decimalLength } from '../../src/framing/decimal-length.ts';
import { delimited } from '../../src/framing/delimited.ts';
import { Conversation, type ConversationPlan } from '../../src/framing/dialect/conversation.ts';
import type { Token } from '../../src/framing/dialect/token.ts';
import { fixedLength } from '../../src/framing/fixed-length.ts';
import { joinMessage } from '../../src/framing/message.ts';
import { noReply } from '../../src/framing/no-reply.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { cutAt, type Feed, feeds } from './feeding.ts';

const framings = [uintLength({ bytes: 4 }), decimalLength({ end: ':' }), fixedLength({ bytes: 5 })];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const token = (from: Token['from']): fc.Arbitrary<Token> =>
  fc
    .tuple(
      fc.string({ minLength: 1, maxLength: 6 }),
      fc.constantFrom(undefined, uintLength({ bytes: 2 }), delimited({ end: '\0' })),
    )
    .map(([text, framing]) => ({ from, message: [bytes(text.replaceAll('\0', 'x'))], ...(framing && { framing }) }));
const tokens = fc.array(
  fc.constantFrom('caller', 'listener').chain((from) => token(from as Token['from'])),
  { maxLength: 3 },
);
const plan: fc.Arbitrary<ConversationPlan> = fc
  .record({
    request: fc.constantFrom(...framings),
    reply: fc.constantFrom(...framings, noReply()),
    opening: tokens,
    before: tokens,
    between: fc.array(token('listener'), { maxLength: 2 }),
    behind: tokens,
  })
  .map(({ request, reply, opening, before, between, behind }) => ({
    request,
    reply,
    opening,
    exchange: reply.carriesNothing
      ? [...before, 'request', ...between, ...behind]
      : [...before, 'request', ...between, 'reply', ...behind],
  }));

describe('two ends', () => {
  test.prop([
    plan,
    fc.array(fc.uint8Array({ minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.nat({ max: 60 })),
    fc.nat({ max: 2 }),
  ])('understand each other, however their bytes are cut', (agreed, messages, places, way) => {
    const caller = new Conversation('caller', agreed);
    const listener = new Conversation('listener', agreed);
    // The way `lagging` is left out: it would ask for complete messages only after all bytes have come.
    const feed = feeds[way]?.[1] as Feed;
    const asked: Uint8Array[] = [];
    const answered: Uint8Array[] = [];
    let toListener: Uint8Array[] = [...caller.outgoing()];
    let toCaller: Uint8Array[] = [...listener.outgoing()];
    const waiting = [...messages];
    for (let idle = 0; idle < 2; ) {
      const [next] = waiting;
      let moved = false;
      if (next && caller.mayBegin) {
        waiting.shift();
        toListener.push(...agreed.request.encode([next]));
        caller.begun();
        toListener.push(...caller.outgoing());
        moved = true;
      }
      if (toListener.length > 0) {
        const { messages: came, error } = feed(listener, cutAt(joinMessage(toListener), places));
        toListener = [];
        expect(error).toBeUndefined();
        toCaller.push(...listener.outgoing());
        for (const each of came) {
          asked.push(each);
          if (agreed.reply.carriesNothing) continue;
          expect(listener.mayBegin).toBe(true);
          toCaller.push(...agreed.reply.encode([each]));
          listener.begun();
          toCaller.push(...listener.outgoing());
        }
        moved = true;
      }
      if (toCaller.length > 0) {
        const { messages: came, error } = feed(caller, cutAt(joinMessage(toCaller), places));
        toCaller = [];
        expect(error).toBeUndefined();
        answered.push(...came);
        toListener.push(...caller.outgoing());
        moved = true;
      }
      idle = moved ? 0 : idle + 1;
    }
    expect(asked).toEqual(messages);
    expect(answered).toEqual(agreed.reply.carriesNothing ? [] : messages);
    expect([caller.pendingBytes, listener.pendingBytes]).toEqual([0, 0]);
    expect([caller.rounds, listener.rounds]).toEqual([messages.length, messages.length]);
  });
});

test.prop([
  plan,
  fc.uint8Array({ maxLength: 200 }),
  fc.array(fc.nat({ max: 200 })),
  fc.constantFrom('caller' as const, 'listener' as const),
])('whatever comes from a stranger: messages, patience, or one error of ours', (agreed, garbage, places, end) => {
  for (const [, feed] of feeds) {
    const conversation = new Conversation(end, agreed, { maxMessageBytes: 1000 });
    const { error } = feed(conversation, cutAt(garbage, places));
    if (error !== undefined) expect(isTransportError(error)).toBe(true);
    else expect(conversation.pendingBytes).toBeLessThanOrEqual(garbage.length);
  }
});
