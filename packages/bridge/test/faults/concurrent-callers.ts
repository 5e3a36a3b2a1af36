// Several callers make one call after the other at the same time. A call may wait for nothing but the model. Its waiting time is
// compared with the model's work in that time, and with the times of a client that called the same model alone just before, because
// on a busy machine that client waits as well.
import { connect } from '../../src/index.ts';
import { frame, mismatch } from './frames.ts';
import { countsDrops, droppedAt, listenCounters } from './kernel.ts';
import { ModelProcess, type Variant } from './model-process.ts';
import { serves } from './raw-client.ts';

export interface CallersOptions {
  readonly python: string;
  readonly variant: Variant;
  readonly callers: number;
  readonly callsEach: number;
  readonly computeMs: number;
  readonly inFlight: 1 | 2;
}

/** In milliseconds. */
interface Spread {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

export interface CallersReport {
  readonly calls: number;
  /** The time that a call waited beyond the model's work for it and for the calls answered before it. */
  readonly excessMs: Spread;
  /** The time from one answer to the next, without the model's work. */
  readonly gapMs: Spread;
  /** The excess of a client that called the model alone, without code of this package. */
  readonly aloneMs: Spread;
  /** The connections that the kernel dropped at the model's port. Undefined if the machine cannot count them. */
  readonly drops: number | undefined;
  /** The drops in the whole network namespace, other programs' included, as `nstat` counts them. */
  readonly listenDrops: number;
  readonly listenOverflows: number;
  readonly modelAlive: boolean;
}

/** @throws Error if a reply belongs to another call */
export async function callAtOnce(options: CallersOptions): Promise<CallersReport> {
  const { python, variant, callers, callsEach, computeMs, inFlight } = options;
  await using served = await ModelProcess.start(python, variant);
  const alone: number[] = [];
  for (let id = 1; id <= callers * callsEach; id++) {
    const calledAt = performance.now();
    if (!(await serves(served.port, { id: -id, computeMs }))) throw new Error('a client that was alone got no answer');
    alone.push(performance.now() - calledAt - computeMs);
  }
  await using model = connect(served.target, { inFlight });
  await model.call(frame({ id: 0 }));
  const before = listenCounters();
  let answered = 0;
  let answeredAt = performance.now();
  const excess: number[] = [];
  const gaps: number[] = [];
  const caller = async (number: number): Promise<void> => {
    for (let i = 1; i <= callsEach; i++) {
      const spec = { id: number * callsEach + i, computeMs };
      const calledAt = performance.now();
      const answeredBefore = answered;
      const why = mismatch(spec, await model.call(frame(spec)));
      if (why) throw new Error(`call ${spec.id}: ${why}`);
      answered++;
      const now = performance.now();
      excess.push(now - calledAt - (answered - answeredBefore) * computeMs);
      gaps.push(now - answeredAt - computeMs);
      answeredAt = now;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)));
  const after = listenCounters();
  return {
    calls: excess.length,
    excessMs: spread(excess),
    gapMs: spread(gaps),
    aloneMs: spread(alone),
    drops: countsDrops ? droppedAt(served.port) : undefined,
    listenDrops: after.drops - before.drops,
    listenOverflows: after.overflows - before.overflows,
    modelAlive: served.alive,
  };
}

function spread(values: number[]): Spread {
  values.sort((a, b) => a - b);
  return { median: quantile(values, 0.5), p99: quantile(values, 0.99), max: quantile(values, 1) };
}

/** Returns a quantile of sorted values, to a tenth. */
export function quantile(sorted: readonly number[], q: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
  return Math.round(value * 10) / 10;
}
