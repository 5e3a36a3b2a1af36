// A simulated world for the guard's rules: it carries out their effects on simulated models, turns and clocks, records what each
// call and each model has seen, and throws as soon as an invariant is violated. It sends nothing.
import type { GuardEffect, GuardEvent, GuardStateOptions, RejectReason, Resend } from '../../src/guard/events.ts';
import { GuardStateMachine } from '../../src/guard/guard-state-machine.ts';

interface Call {
  readonly resend: Resend;
  outcome: 'answered' | RejectReason['kind'] | undefined;
  replies: number;
  begun: number;
  /** The results of the call's exchanges, in order. */
  readonly ends: ('replied' | 'unseen' | 'lost' | 'bad' | 'unsent')[];
}

interface Exchange {
  readonly id: number;
  readonly replica: number;
  readonly slot: number;
  connected: boolean;
}

export class World {
  readonly state: GuardStateMachine;
  readonly options: GuardStateOptions;
  readonly calls = new Map<number, Call>();
  /** The messages that models handle or have in their backlogs. */
  readonly underWay: Exchange[] = [];
  readonly asked = new Set<string>();
  readonly held = new Set<string>();
  readonly effects: GuardEffect[] = [];
  now = 0;
  closed = false;
  closing = false;
  #next = 1;
  /** The calls that waited for nothing but a turn when the guard was closed. */
  #inLine: readonly number[] = [];

  constructor(options: Partial<GuardStateOptions> = {}) {
    this.options = {
      replicas: 1,
      inFlight: 1,
      queueLimit: 10,
      wedgedMs: 1000,
      retryMs: 100,
      idleMs: 5,
      shared: false,
      supervised: false,
      random: () => 0.5,
      ...options,
    };
    this.state = new GuardStateMachine(this.options);
  }

  call(resend: Resend = 'unseen'): number {
    const id = this.#next++;
    this.calls.set(id, { resend, outcome: undefined, replies: 0, begun: 0, ends: [] });
    this.tell({ type: 'call', id, resend });
    return id;
  }

  /** Ends an exchange with the given result. */
  end(exchange: Exchange, how: 'replied' | 'unseen' | 'lost' | 'bad' | 'unsent'): void {
    this.underWay.splice(this.underWay.indexOf(exchange), 1);
    this.calls.get(exchange.id)?.ends.push(how);
    if (how === 'replied') this.tell({ type: 'replied', id: exchange.id });
    else this.tell({ type: 'failed', id: exchange.id, how, error: how });
  }

  connect(exchange: Exchange): void {
    exchange.connected = true;
    this.tell({ type: 'step', id: exchange.id, step: 'connected' });
  }

  /** Gives the guard a turn that it has asked for. */
  grant(key: string): void {
    this.asked.delete(key);
    this.held.add(key);
    this.tell({ type: 'granted', ...place(key) });
  }

  /** Another process has the turn now. */
  move(key: string): void {
    if (this.asked.has(key)) this.tell({ type: 'moved', ...place(key), holder: { pid: 17, isHere: false } });
  }

  /** The machine refuses the turn. */
  deny(key: string): void {
    this.asked.delete(key);
    this.tell({ type: 'denied', ...place(key), error: 'the machine does not let us have it' });
  }

  tell(event: GuardEvent): void {
    if (event.type === 'close' && !this.closing) {
      this.closing = true;
      const waiting = [...this.calls].filter(
        ([id, { outcome }]) => !outcome && !this.underWay.some((at) => at.id === id),
      );
      this.#inLine = waiting.slice(0, this.asked.size).map(([id]) => id);
    }
    const wedged = this.state.records.map((record) => record.silent || record.out !== undefined);
    const up = this.state.records.map(({ health }) => health === 'up');
    /** True if the guard has or waits for a turn at a replica that was healthy before. */
    const well = (): boolean => [...this.asked, ...this.held].some((other) => up[place(other).replica]);
    for (const effect of this.state.step(event, this.now)) {
      const wakes = event.type === 'tick' || event.type === 'call';
      check(
        effect.type !== 'begin' || !wakes || !wedged[effect.replica],
        'begins a message although no replica is active',
      );
      if (event.type === 'denied' && effect.type === 'reject')
        check(!well(), 'rejects for one turn where others are had');
      this.#carryOut(effect);
    }
    const wakeAt = this.state.wakeAt();
    check(wakeAt > this.now, `wakes at ${wakeAt}, not after ${this.now}`);
  }

  /** Moves the clock to the next moment in which the guard has to act. Returns false if there is none. */
  sleep(): boolean {
    const at = this.state.wakeAt();
    if (at === Number.POSITIVE_INFINITY) return false;
    this.now = at;
    this.tell({ type: 'tick' });
    return true;
  }

  outcome(id: number): Call['outcome'] {
    return this.calls.get(id)?.outcome;
  }

  #carryOut(effect: GuardEffect): void {
    this.effects.push(effect);
    switch (effect.type) {
      case 'begin':
        this.#begin(effect);
        break;
      case 'answer':
      case 'reject': {
        const call = this.calls.get(effect.id);
        check(call !== undefined && call.outcome === undefined, `call ${effect.id} is answered twice`);
        if (!call) break;
        call.outcome = effect.type === 'answer' ? 'answered' : effect.why.kind;
        if (effect.type === 'answer') check(call.ends.at(-1) === 'replied', 'answered without a reply');
        break;
      }
      case 'ask':
        check(this.options.shared && !this.held.has(key(effect)) && !this.asked.has(key(effect)), 'asks twice');
        this.asked.add(key(effect));
        break;
      case 'withdraw':
        check(this.asked.delete(key(effect)), 'withdraws what it did not ask for');
        break;
      case 'release':
        check(this.held.delete(key(effect)), 'releases what it does not hold');
        check(!this.underWay.some((at) => key(at) === key(effect)), 'releases a turn that is in use');
        break;
      case 'closed':
        check(this.closing && !this.closed, 'closed, and nobody asked, or twice');
        this.closed = true;
        break;
      case 'health':
        break;
      case 'idle':
        check(
          !this.underWay.some(({ replica }) => replica === effect.replica),
          'says that a replica is idle that is not',
        );
        break;
    }
  }

  #begin(effect: GuardEffect & { type: 'begin' }): void {
    const call = this.calls.get(effect.id);
    if (!call) throw new Error(`begins ${effect.id}, which nobody called`);
    check(call.outcome === undefined, `begins call ${effect.id}, which is over`);
    check(!this.closing || this.#inLine.includes(effect.id), 'begins after close');
    check(!this.options.shared || this.held.has(key(effect)), 'begins without a turn');
    check(this.state.records[effect.replica]?.out === undefined, 'begins at a replica that is kept out of use');
    const there = this.underWay.filter(({ replica }) => replica === effect.replica);
    check(there.length < this.options.inFlight, 'more under way than allowed');
    check(there.length === 0 || this.state.records[effect.replica]?.down === undefined, 'more than a trial');
    check(!there.some(({ slot }) => slot === effect.slot), 'two on one slot');
    check(!this.underWay.some(({ id }) => id === effect.id), 'the same message under way twice');
    const lost = call.ends.filter((end) => end === 'lost').length;
    const mayBeSeen = call.resend === 'idempotent' && lost < 3;
    check(
      call.ends.every((end) => end === 'unseen' || (end === 'lost' && mayBeSeen)),
      `sent again after ${call.ends}`,
    );
    check(call.ends.length === 0 || call.resend !== 'never', 'sent again, and the caller said never');
    const before = [...this.calls].find(
      ([id, other]) => id < effect.id && other.outcome === undefined && !this.underWay.some((at) => at.id === id),
    );
    check(before === undefined, `begins ${effect.id} before ${before?.[0]}`);
    call.begun++;
    this.underWay.push({ id: effect.id, replica: effect.replica, slot: effect.slot, connected: false });
  }
}
const key = ({ replica, slot }: { replica: number; slot: number }): string => `${replica}/${slot}`;

export function place(text: string): { replica: number; slot: number } {
  const [replica = 0, slot = 0] = text.split('/').map(Number);
  return { replica, slot };
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
