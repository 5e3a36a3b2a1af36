// The guard's rules case by case, in the order of the table in docs/guard.md. guard-state-machine.property.test.ts tests the invariants of all
// cases.
import { describe, expect, test } from 'vitest';
import { World } from './world.ts';

const begun = (world: World): number[] => world.underWay.map(({ id }) => id);
const first = (world: World) => {
  const [exchange] = world.underWay;
  if (!exchange) throw new Error('nothing is under way');
  return exchange;
};
const rejected = (world: World, id: number) =>
  world.effects.find((effect) => effect.type === 'reject' && effect.id === id) as { why: unknown } | undefined;

describe('what may be under way', () => {
  test('one message at a time, in the order of the calls', () => {
    const world = new World();
    const [a, b, c] = [world.call(), world.call(), world.call()];
    expect(begun(world)).toEqual([a]);
    world.end(first(world), 'replied');
    expect(begun(world)).toEqual([b]);
    world.end(first(world), 'replied');
    expect(begun(world)).toEqual([c]);
  });

  test('two where that is wanted, and never three', () => {
    const world = new World({ inFlight: 2 });
    const ids = Array.from({ length: 5 }, () => world.call());
    expect(begun(world)).toEqual(ids.slice(0, 2));
    world.end(first(world), 'replied');
    expect(begun(world)).toEqual([ids[1], ids[2]]);
  });

  test('replicas: the least busy first, then the one that was used longest ago', () => {
    const world = new World({ replicas: 3, inFlight: 2 });
    for (let i = 0; i < 5; i++) world.call();
    expect(world.underWay.map(({ replica }) => replica)).toEqual([0, 1, 2, 0, 1]);
  });

  test('the queue has an end, which a call that need not wait does not meet', () => {
    const world = new World({ queueLimit: 2 });
    const ids = Array.from({ length: 4 }, () => world.call());
    expect(ids.map((id) => world.outcome(id))).toEqual([undefined, undefined, undefined, 'queue full']);
    world.end(first(world), 'replied');
    expect(world.outcome(world.call())).toBeUndefined();
  });
});

describe('a caller that gives up', () => {
  test('while waiting: the call is dropped', () => {
    const world = new World();
    world.call();
    const waiting = world.call();
    world.tell({ type: 'give up', id: waiting, reason: 'enough' });
    expect(world.outcome(waiting)).toBe('given up');
    world.end(first(world), 'replied');
    expect(begun(world)).toEqual([]);
  });

  test.each(['connecting', 'sending', 'awaiting', 'reading'])(
    'while %s: told at once, and the slot stays taken',
    (phase) => {
      const world = new World();
      const a = world.call();
      const b = world.call();
      if (phase !== 'connecting') world.connect(first(world));
      if (phase === 'awaiting' || phase === 'reading') world.tell({ type: 'step', id: a, step: 'sent' });
      if (phase === 'reading') world.tell({ type: 'step', id: a, step: 'reading' });
      world.tell({ type: 'give up', id: a, reason: 'enough' });
      expect(world.outcome(a)).toBe('given up');
      expect(begun(world)).toEqual([a]);
      world.end(first(world), 'replied');
      expect(begun(world)).toEqual([b]);
      expect(world.outcome(a)).toBe('given up');
    },
  );
});

describe('what is sent again', () => {
  test('a message that was provably not seen, after a pause, before all that came later', () => {
    const world = new World();
    const a = world.call();
    const b = world.call();
    world.end(first(world), 'unseen');
    expect(begun(world)).toEqual([]);
    world.sleep();
    expect(begun(world)).toEqual([a]);
    world.end(first(world), 'replied');
    expect(begun(world)).toEqual([b]);
  });

  test.each(['never', 'unseen', 'idempotent'] as const)('retry %s: after a loss', (resend) => {
    const world = new World();
    const a = world.call(resend);
    for (let sent = 1; sent <= 3; sent++) {
      world.connect(first(world));
      world.end(first(world), 'lost');
      if (resend !== 'idempotent') break;
      if (sent < 3) world.sleep();
    }
    expect(world.outcome(a)).toBe('failed');
    expect(world.calls.get(a)?.begun).toBe(resend === 'idempotent' ? 3 : 1);
  });

  test('unseen, said by a carrier that had told of a connection: nobody can prove that', () => {
    const world = new World();
    const a = world.call();
    world.connect(first(world));
    const exchange = first(world);
    world.underWay.splice(0);
    world.tell({ type: 'failed', id: exchange.id, how: 'unseen', error: 'says so' });
    expect(world.outcome(a)).toBe('failed');
  });

  test('an invalid reply: never', () => {
    const world = new World();
    const a = world.call('idempotent');
    world.end(first(world), 'bad');
    expect(world.outcome(a)).toBe('failed');
  });

  test('no message of a caller that has given up', () => {
    const world = new World();
    const a = world.call();
    world.tell({ type: 'give up', id: a, reason: 'enough' });
    world.end(first(world), 'unseen');
    expect(world.sleep()).toBe(false);
  });

  test('another replica gets it at once', () => {
    const world = new World({ replicas: 2 });
    const a = world.call();
    world.end(first(world), 'unseen');
    expect(world.underWay).toMatchObject([{ id: a, replica: 1 }]);
  });
});

describe('a model that is gone', () => {
  /** Refuses each attempt to call the model until the guard makes no further one. */
  function refuseAll(world: World): void {
    while (world.underWay.length > 0 || world.state.waiting > 0) {
      if (world.underWay.length > 0) world.end(first(world), 'unseen');
      else world.sleep();
    }
  }

  test('calls wait for it as long as their patience goes, then fail with the reason, at once from then on', () => {
    const world = new World({ retryMs: 100 });
    const ids = [world.call(), world.call()];
    refuseAll(world);
    expect(world.now).toBeGreaterThanOrEqual(100);
    expect(ids.map((id) => world.outcome(id))).toEqual(['failed', 'gone']);
    const late = world.call();
    expect(world.outcome(late)).toBe('gone');
    expect(rejected(world, late)?.why).toMatchObject({ kind: 'gone', replica: 0, error: 'unseen' });
    expect(begun(world)).toEqual([]);
  });

  test('no more than one message finds out whether it is back, and its answer opens it for all', () => {
    const world = new World({ retryMs: 100, inFlight: 2 });
    world.call();
    refuseAll(world);
    world.now += 5000;
    const trial = world.call();
    const others = [world.call(), world.call()];
    expect(begun(world)).toEqual([trial]);
    world.connect(first(world));
    world.call();
    expect(begun(world)).toEqual([trial, others[0]]);
  });

  test('a trial that fails: the calls that waited for it fail with it', () => {
    const world = new World({ retryMs: 100 });
    world.call();
    refuseAll(world);
    world.now += 5000;
    const trial = world.call();
    const other = world.call();
    world.end(first(world), 'unseen');
    expect([world.outcome(trial), world.outcome(other)]).toEqual(['failed', 'gone']);
  });

  test('the kernel says that its port is listened on: the next call tries', () => {
    const world = new World({ retryMs: 100 });
    world.call();
    refuseAll(world);
    expect(world.outcome(world.call())).toBe('gone');
    world.tell({ type: 'listening', replica: 0 });
    const trial = world.call();
    expect(begun(world)).toEqual([trial]);
  });

  test('a call that allows no retry does not wait', () => {
    const world = new World({ retryMs: 100 });
    const a = world.call('never');
    const b = world.call('never');
    world.end(first(world), 'unseen');
    expect([world.outcome(a), world.outcome(b)]).toEqual(['failed', 'gone']);
  });

  test('one replica down: the others go on, and it is used again later', () => {
    const world = new World({ replicas: 2 });
    world.call();
    world.end(first(world), 'unseen');
    expect(world.underWay[0]?.replica).toBe(1);
    world.call();
    world.sleep();
    expect(world.underWay.map(({ replica }) => replica)).toEqual([1, 0]);
    expect(world.effects.filter((effect) => effect.type === 'health')).toEqual([
      { type: 'health', replica: 0, health: 'down', error: 'unseen' },
    ]);
    world.connect(world.underWay[1] as never);
    expect(world.effects.at(-1)).toEqual({ type: 'health', replica: 0, health: 'up', error: undefined });
  });
});

describe('a model that is silent', () => {
  test('its callers are told, and waiting and new calls fail, until it is active again', () => {
    const world = new World({ wedgedMs: 1000 });
    const a = world.call();
    const b = world.call();
    world.connect(first(world));
    world.sleep();
    expect(world.now).toBe(1000);
    expect([world.outcome(a), world.outcome(b), world.outcome(world.call())]).toEqual(['wedged', 'wedged', 'wedged']);
    expect(rejected(world, a)?.why).toMatchObject({ begun: true, silentMs: 1000 });
    expect(rejected(world, b)?.why).toMatchObject({ begun: false });
    expect(begun(world)).toEqual([a]);
    world.end(first(world), 'lost');
    const c = world.call();
    world.sleep();
    expect(begun(world)).toEqual([c]);
  });

  test('any activity counts, and with two messages in progress each reply does', () => {
    const world = new World({ wedgedMs: 1000, inFlight: 2 });
    const [a, b] = [world.call(), world.call()];
    world.now = 900;
    world.tell({ type: 'step', id: a, step: 'reading' });
    world.now = 1800;
    world.end(first(world), 'replied');
    world.now = 2700;
    world.tell({ type: 'tick' });
    expect(world.outcome(b)).toBeUndefined();
    world.now = 2800;
    world.tell({ type: 'tick' });
    expect(world.outcome(b)).toBe('wedged');
  });

  test('closing does not wait for it', () => {
    const world = new World();
    world.call();
    world.sleep();
    world.tell({ type: 'close' });
    expect(world.closed).toBe(true);
  });
});

describe("the machine's turn", () => {
  test('is asked for, kept while calls follow each other, and given up when they do not', () => {
    const world = new World({ shared: true });
    world.call();
    expect(begun(world)).toEqual([]);
    world.grant('0/0');
    world.end(first(world), 'replied');
    world.now += 1;
    world.call();
    world.end(first(world), 'replied');
    expect([...world.held]).toEqual(['0/0']);
    world.sleep();
    expect([...world.held]).toEqual([]);
  });

  test('is handed over a while after another process wants it, and is asked for again', () => {
    const world = new World({ shared: true });
    for (let i = 0; i < 4; i++) world.call();
    world.grant('0/0');
    world.tell({ type: 'wanted', replica: 0, slot: 0 });
    world.now += 6;
    world.end(first(world), 'replied');
    expect(begun(world)).toEqual([2]);
    world.now += 6;
    world.end(first(world), 'replied');
    expect(begun(world)).toEqual([]);
    expect(world.effects.slice(-2)).toEqual([
      { type: 'release', replica: 0, slot: 0 },
      { type: 'ask', replica: 0, slot: 0 },
    ]);
  });

  test('is kept without a message if a kept connection goes with it, until another process wants it', () => {
    const world = new World({ shared: true, idleMs: Number.POSITIVE_INFINITY });
    world.call();
    world.grant('0/0');
    world.end(first(world), 'replied');
    expect(world.sleep()).toBe(false);
    expect([...world.held]).toEqual(['0/0']);
    world.tell({ type: 'wanted', replica: 0, slot: 0 });
    expect([...world.held]).toEqual([]);
  });

  test('goes at once where there is nothing to do', () => {
    const world = new World({ shared: true });
    world.call();
    world.grant('0/0');
    world.end(first(world), 'replied');
    world.tell({ type: 'wanted', replica: 0, slot: 0 });
    expect([...world.held]).toEqual([]);
  });

  test('is not waited for once no call waits any more', () => {
    const world = new World({ shared: true });
    const a = world.call();
    world.tell({ type: 'give up', id: a, reason: 'enough' });
    expect([...world.asked]).toEqual([]);
  });

  test('that cannot be had fails the calls that need it', () => {
    const world = new World({ shared: true });
    const [a, b] = [world.call(), world.call()];
    world.deny('0/0');
    expect([world.outcome(a), world.outcome(b)]).toEqual(['failed', 'failed']);
    const c = world.call();
    world.grant('0/0');
    expect(begun(world)).toEqual([c]);
  });

  test('that cannot be had at one replica: another takes the calls, and it is asked for again after a pause', () => {
    const world = new World({ shared: true, replicas: 2 });
    const ids = Array.from({ length: 3 }, () => world.call());
    world.deny('0/0');
    expect(ids.map((id) => world.outcome(id))).toEqual([undefined, undefined, undefined]);
    world.grant('1/0');
    expect(begun(world)).toEqual([ids[0]]);
    expect([...world.asked]).toEqual([]);
    world.sleep();
    expect([...world.asked]).toEqual(['0/0']);
    world.grant('0/0');
    expect(begun(world)).toEqual([ids[0], ids[1]]);
  });

  test('that cannot be had now is asked for again where the other replica falls silent', () => {
    const world = new World({ shared: true, replicas: 2, wedgedMs: 1000 });
    const a = world.call();
    world.deny('0/0');
    while (!world.asked.has('0/0') && world.sleep());
    expect([world.now, world.outcome(a)]).toEqual([1000, undefined]);
    world.grant('0/0');
    expect(begun(world)).toEqual([a]);
  });

  test('that cannot be had at any replica fails the calls', () => {
    const world = new World({ shared: true, replicas: 2 });
    const [a, b] = [world.call(), world.call()];
    world.deny('0/0');
    expect(world.outcome(a)).toBeUndefined();
    world.deny('1/0');
    expect([world.outcome(a), world.outcome(b)]).toEqual(['failed', 'failed']);
  });

  test('that cannot be had, beside a replica that is down: calls wait as long as they do for that one', () => {
    const world = new World({ shared: true, replicas: 2, retryMs: 100 });
    const a = world.call();
    world.grant('0/0');
    world.end(first(world), 'unseen');
    while (world.outcome(a) === undefined) {
      const [key] = world.asked;
      if (key === '1/0') world.deny(key);
      else if (key !== undefined) world.grant(key);
      else if (world.underWay.length > 0) world.end(first(world), 'unseen');
      else world.sleep();
    }
    expect(world.now).toBeGreaterThanOrEqual(100);
  });

  test('that another process does not hand on for long: calls are told whose it is, and the model is not blamed', () => {
    for (const supervised of [false, true]) {
      const world = new World({ shared: true, wedgedMs: 1000, supervised });
      const a = world.call();
      world.move('0/0');
      world.sleep();
      expect(world.outcome(a)).toBe('taken');
      expect(world.effects.filter(({ type }) => type === 'reject')).toMatchObject([
        { why: { heldMs: 1000, holder: { pid: 17 } } },
      ]);
      expect(world.effects.filter(({ type }) => type === 'health')).toEqual([]);
      expect([...world.asked]).toEqual([]);
      const b = world.call();
      world.grant('0/0');
      expect(begun(world)).toEqual([b]);
    }
  });

  test('that goes from hand to hand is waited for, however long that takes', () => {
    const world = new World({ shared: true, wedgedMs: 1000 });
    const a = world.call();
    for (let i = 0; i < 20; i++) {
      world.now += 900;
      world.move('0/0');
      world.tell({ type: 'tick' });
    }
    world.grant('0/0');
    expect(begun(world)).toEqual([a]);
  });

  test('at one of two replicas that is not handed on: the other one serves the calls, and that one is called taken', () => {
    const world = new World({ shared: true, replicas: 2, wedgedMs: 1000 });
    const [a, b] = [world.call(), world.call(), world.call()];
    world.grant('1/0');
    for (let i = 0; i < 4; i++) {
      world.call();
      world.now += 400;
      world.end(first(world), 'replied');
    }
    expect(world.state.records.map(({ health }) => health)).toEqual(['taken', 'up']);
    expect([a, b].map((id) => world.outcome(id))).toEqual(['answered', 'answered']);
  });
});

describe('a call that is given up before it was begun is told what it waited for', () => {
  const hindrances = (world: World): unknown[] =>
    world.effects.flatMap((effect) =>
      effect.type === 'reject' && effect.why.kind === 'given up' ? (effect.why.waitReason?.by ?? 'nothing') : [],
    );

  test('a call that was given up before it, and is finished first', () => {
    const world = new World();
    const [a, b] = [world.call(), world.call()];
    world.tell({ type: 'give up', id: a, reason: 'enough' });
    world.tell({ type: 'give up', id: b, reason: 'enough' });
    expect(hindrances(world)).toEqual(['nothing', 'given up']);
  });

  test('another call; a model that is down; one that is being started; the turn', () => {
    const world = new World();
    const [, b, c] = [world.call(), world.call(), world.call()];
    world.tell({ type: 'give up', id: b, reason: 'enough' });
    world.end(first(world), 'unseen');
    world.tell({ type: 'give up', id: c, reason: 'enough' });
    const held = new World({ supervised: true });
    held.tell({ type: 'hold', replica: 0 });
    held.tell({ type: 'give up', id: held.call(), reason: 'enough' });
    const shared = new World({ shared: true });
    shared.tell({ type: 'give up', id: shared.call(), reason: 'enough' });
    expect([world, held, shared].flatMap(hindrances)).toEqual(['busy', 'down', 'held', 'turn']);
  });
});

test('closing finishes calls that wait only for the turn', () => {
  const world = new World({ shared: true });
  const [a, b] = [world.call(), world.call()];
  world.tell({ type: 'close' });
  expect([world.outcome(a), world.outcome(b), world.closed]).toEqual([undefined, 'closed', false]);
  world.grant('0/0');
  expect(begun(world)).toEqual([a]);
  world.end(first(world), 'replied');
  expect([world.outcome(a), world.closed, world.held.size]).toEqual(['answered', true, 0]);
});

test('closing rejects waiting and new calls, finishes those that were begun, and resolves after that', () => {
  const world = new World();
  const a = world.call();
  const b = world.call();
  world.tell({ type: 'close' });
  expect([world.outcome(b), world.outcome(world.call()), world.closed]).toEqual(['closed', 'closed', false]);
  world.end(first(world), 'replied');
  expect([world.outcome(a), world.closed]).toEqual(['answered', true]);
});

describe('a replica with a supervisor', () => {
  const supervised = (replicas = 1) => new World({ replicas, supervised: true });
  const idle = (world: World) => world.effects.filter(({ type }) => type === 'idle');

  test('held: it finishes what it has, is given nothing, and calls wait for it', () => {
    const world = supervised();
    const [a, b] = [world.call(), world.call()];
    world.tell({ type: 'hold', replica: 0 });
    expect(idle(world)).toEqual([]);
    world.connect(first(world));
    world.end(first(world), 'replied');
    expect(world.outcome(a)).toBe('answered');
    expect(idle(world)).toEqual([{ type: 'idle', replica: 0 }]);
    expect(begun(world)).toEqual([]);
    world.now += 1_000_000;
    world.tell({ type: 'tick' });
    expect(world.outcome(b)).toBeUndefined();
    world.tell({ type: 'admit', replica: 0 });
    expect(begun(world)).toEqual([b]);
  });

  test('unreachable or wedged: calls wait, because it will be restarted', () => {
    const world = supervised();
    const [a, b] = [world.call(), world.call()];
    world.end(first(world), 'unseen');
    while (world.underWay.length === 0 && world.sleep());
    world.connect(first(world));
    while (!world.state.records[0]?.wedged && world.sleep());
    expect(world.outcome(a)).toBe('wedged');
    expect(world.outcome(b)).toBeUndefined();
    world.tell({ type: 'hold', replica: 0 });
    world.end(first(world), 'lost');
    world.tell({ type: 'admit', replica: 0 });
    expect(begun(world)).toEqual([b]);
  });

  test('others take over meanwhile', () => {
    const world = supervised(2);
    world.tell({ type: 'hold', replica: 0 });
    const a = world.call();
    expect(world.underWay).toMatchObject([{ id: a, replica: 1 }]);
  });

  test('it quits as the last one: waiting and new calls are told why', () => {
    const world = supervised(2);
    const [a, b, c] = [world.call(), world.call(), world.call()];
    world.tell({ type: 'quit', replica: 0, error: 'crash loop' });
    expect(world.outcome(c)).toBeUndefined();
    world.tell({ type: 'quit', replica: 1, error: 'no memory' });
    expect(rejected(world, c ?? 0)).toMatchObject({ why: { kind: 'failed', error: 'no memory' } });
    expect(world.outcome(world.call())).toBe('failed');
    for (const exchange of [...world.underWay]) world.end(exchange, 'replied');
    expect([a, b].map((id) => world.outcome(id ?? 0))).toEqual(['answered', 'answered']);
  });

  test('one more: it joins, and is used from when it is admitted; the place of one that left is used again', () => {
    const world = supervised();
    const [a, b] = [world.call(), world.call()];
    world.tell({ type: 'join', replica: 1 });
    expect(begun(world)).toEqual([a]);
    world.tell({ type: 'admit', replica: 1 });
    expect(world.underWay).toMatchObject([{ replica: 0 }, { id: b, replica: 1 }]);
    world.tell({ type: 'quit', replica: 0, error: undefined });
    expect(world.state.records.map(({ isVacant }) => isVacant)).toEqual([false, false]);
    world.end(first(world), 'replied');
    expect(world.state.records.map(({ isVacant }) => isVacant)).toEqual([true, false]);
  });

  test('its turn is not waited for while it is held', () => {
    const world = new World({ replicas: 2, supervised: true, shared: true });
    world.call();
    expect([...world.asked]).toEqual(['0/0']);
    world.tell({ type: 'hold', replica: 0 });
    expect([...world.asked]).toEqual(['1/0']);
  });
});
