// Callers at once, each with one call after the other. Nobody is to wait for anything but the model: what calls wait is held
// against what the model had to do meanwhile, and against a careful client that was alone with the same model just before:
// on a busy machine that one waits as well.
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

/** Milliseconds. */
interface Spread {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

export interface CallersReport {
  readonly calls: number;
  /** The time that a call waited beyond the model's work for it and for the calls answered before it. */
  readonly excessMs: Spread;
  /** From one answer to the next, beyond the time that the model worked. */
  readonly gapMs: Spread;
  /** The same for a client that was alone, without any of our code between it and the model. */
  readonly aloneMs: Spread;
  /** Connections that the kernel dropped at the model's port; undefined where the machine cannot tell. */
  readonly drops: number | undefined;
  /** The same in the whole network namespace, others' included, as `nstat` has it. */
  readonly listenDrops: number;
  readonly listenOverflows: number;
  readonly modelAlive: boolean;
}

/** @throws Error when a reply is not the one to its call */
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
