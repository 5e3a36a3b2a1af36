// The guard's rules hold under random sequences of events of callers, models, other processes and the clock: a model never has more
// messages than allowed, every message that was begun is finished, a message that a model may have seen is not sent twice, and
// every call has exactly one result. world.ts checks these invariants.
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import type { GuardStateOptions } from '../../src/guard/events.ts';
import { place, World } from './world.ts';

const at = fc.nat({ max: 1000 });
const resend = fc.constantFrom('never' as const, 'unseen' as const, 'idempotent' as const);

/** An event that is possible next. Its number selects the call, the exchange or the turn. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('call' as const), resend }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('give up' as const), at }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('connect' as const), at }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('more' as const), at }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('reply' as const), at }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('fail' as const),
      at,
      how: fc.constantFrom('unseen' as const, 'lost' as const, 'bad' as const, 'unsent' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('grant' as const), at }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('deny' as const), at }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('want' as const), at }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('move' as const), at }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('listening' as const), at }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('hold' as const, 'admit' as const, 'quit' as const), at }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('join' as const) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.nat({ max: 1500 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('sleep' as const) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function happen(world: World, event: Happening | { type: 'close' }): void {
  const pick = <T>(from: readonly T[], index: number): T | undefined => from[index % Math.max(1, from.length)];
  switch (event.type) {
    case 'call':
      world.call(event.resend);
      break;
    case 'give up': {
      const open = [...world.calls].filter(([, { outcome }]) => outcome === undefined).map(([id]) => id);
      const id = pick(open, event.at);
      if (id !== undefined) world.tell({ type: 'give up', id, reason: 'enough' });
      break;
    }
    case 'connect':
    case 'more': {
      const exchange = pick(world.underWay, event.at);
      if (exchange && !exchange.connected) world.connect(exchange);
      else if (exchange) world.tell({ type: 'step', id: exchange.id, step: event.at % 2 ? 'sent' : 'reading' });
      break;
    }
    case 'reply': {
      const exchange = pick(world.underWay, event.at);
      if (exchange) world.end(exchange, 'replied');
      break;
    }
    case 'fail': {
      const exchange = pick(world.underWay, event.at);
      // After a carrier has reported a connection, it cannot prove any more that the model has not seen the message.
      if (exchange) world.end(exchange, event.how === 'unseen' && exchange.connected ? 'lost' : event.how);
      break;
    }
    case 'grant': {
      const key = pick([...world.asked], event.at);
      if (key !== undefined) world.grant(key);
      break;
    }
    case 'deny': {
      const key = pick([...world.asked], event.at);
      if (key !== undefined) world.deny(key);
      break;
    }
    case 'move': {
      const key = pick([...world.asked], event.at);
      if (key !== undefined) world.move(key);
      break;
    }
    case 'want': {
      const key = pick([...world.held], event.at);
      if (key !== undefined) world.tell({ type: 'wanted', ...place(key) });
      break;
    }
    case 'listening':
      world.tell({ type: 'listening', replica: event.at % world.options.replicas });
      break;
    case 'hold':
    case 'admit':
    case 'quit': {
      // Only a supervisor reports these states, and a replica that has quit does not return.
      const replica = event.at % world.state.records.length;
      if (!world.options.supervised || world.state.records[replica]?.out?.forGood) break;
      const error = event.at % 2 ? `quit ${event.at}` : undefined;
      const last = world.state.records.filter(({ out }) => !out?.forGood).length === 1;
      if (event.type !== 'quit') world.tell({ type: event.type, replica });
      else if (error !== undefined || !last) world.tell({ type: 'quit', replica, error });
      break;
    }
    case 'join': {
      const vacant = world.state.records.findIndex(({ isVacant }) => isVacant);
      if (world.options.supervised)
        world.tell({ type: 'join', replica: vacant < 0 ? world.state.records.length : vacant });
      break;
    }
    case 'wait':
      world.now += event.ms;
      world.tell({ type: 'tick' });
      break;
    case 'sleep':
      world.sleep();
      break;
    case 'close':
      world.tell({ type: 'close' });
      break;
  }
}

const options: fc.Arbitrary<Partial<GuardStateOptions>> = fc.record({
  replicas: fc.integer({ min: 1, max: 3 }),
  inFlight: fc.constantFrom(1 as const, 2 as const),
  queueLimit: fc.integer({ min: 1, max: 6 }),
  shared: fc.boolean(),
  supervised: fc.boolean(),
});
const happenings = fc.array(happening, { maxLength: 100, size: 'max' });

/** Lets everything succeed: grants turns, answers exchanges and moves the clock until nothing is left to do. */
function settle(world: World): void {
  for (let turn = 0; turn < 10_000; turn++) {
    const [key] = world.asked;
    const [exchange] = world.underWay;
    const held = world.state.records.findIndex(({ health }) => health === 'held');
    if (held >= 0) world.tell({ type: 'admit', replica: held });
    else if (key !== undefined) world.grant(key);
    else if (exchange) world.end(exchange, 'replied');
    else if (!world.sleep()) return;
  }
  throw new Error('it does not come to rest');
}

test.prop([options, happenings], { numRuns: 2000 })(
  'the invariants hold, and every call is answered',
  (given, events) => {
    const world = new World(given);
    for (const event of events) happen(world, event);
    settle(world);
    for (const [id, { outcome }] of world.calls) expect(outcome, `call ${id}`).toBeDefined();
    expect(world.state.waiting).toBe(0);
    expect(world.state.inFlight).toBe(0);
    expect(world.held.size).toBe(0);
    // After the longest pause the model has to be usable again.
    world.now += 1000;
    const id = world.call();
    settle(world);
    const gone = world.state.records.every(({ health }) => health === 'gone');
    expect(world.outcome(id)).toBe(gone ? 'failed' : 'answered');
  },
);

test.prop([options, happenings, happenings], { numRuns: 1000 })(
  'closing finishes the messages that were begun, rejects the rest, and says once that it is over',
  (given, before, after) => {
    const world = new World(given);
    for (const event of [...before, { type: 'close' as const }, ...after, { type: 'close' as const }])
      happen(world, event);
    settle(world);
    expect(world.closed).toBe(true);
    for (const { outcome } of world.calls.values()) expect(outcome).toBeDefined();
    expect(world.outcome(world.call())).toBe('closed');
  },
);

test.prop([options, happenings], { numRuns: 500 })('a reply is given to the call that it answers', (given, events) => {
  const world = new World(given);
  for (const event of events) happen(world, event);
  settle(world);
  for (const { outcome, ends } of world.calls.values()) {
    if (outcome === 'answered') expect(ends.at(-1)).toBe('replied');
    expect(ends.filter((end) => end === 'replied').length).toBeLessThanOrEqual(1);
  }
});
