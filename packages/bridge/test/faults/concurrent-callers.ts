// Callers at once, each with one call after the other. Nobody is to wait for anything but the model: for each call what
// it waited is held against what the model had to do meanwhile.
import { connect } from '../../src/index.ts';
import { frame, mismatch } from './frames.ts';
import { countsDrops, droppedAt, listenCounters } from './kernel.ts';
import { ModelProcess, type Variant } from './model-process.ts';

export interface CallersOptions {
  readonly python: string;
  readonly variant: Variant;
  readonly callers: number;
  readonly callsEach: number;
  readonly computeMs: number;
  readonly inFlight: 1 | 2;
}

export interface CallersReport {
  readonly calls: number;
  /** What a call waited beyond the time that the model worked for it and for those answered before it, milliseconds. */
  readonly excessMs: { readonly median: number; readonly p99: number; readonly max: number };
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
  await using model = connect(served.target, { inFlight });
  await model.call(frame({ id: 0 }));
  const before = listenCounters();
  let answered = 0;
  const excess: number[] = [];
  const caller = async (number: number): Promise<void> => {
    for (let i = 1; i <= callsEach; i++) {
      const spec = { id: number * callsEach + i, computeMs };
      const calledAt = performance.now();
      const answeredBefore = answered;
      const why = mismatch(spec, await model.call(frame(spec)));
      if (why) throw new Error(`call ${spec.id}: ${why}`);
      answered++;
      excess.push(performance.now() - calledAt - (answered - answeredBefore) * computeMs);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)));
  const after = listenCounters();
  excess.sort((a, b) => a - b);
  return {
    calls: excess.length,
    excessMs: { median: quantile(excess, 0.5), p99: quantile(excess, 0.99), max: quantile(excess, 1) },
    drops: countsDrops ? droppedAt(served.port) : undefined,
    listenDrops: after.drops - before.drops,
    listenOverflows: after.overflows - before.overflows,
    modelAlive: served.alive,
  };
}

/** Of sorted values, to a tenth. */
export function quantile(sorted: readonly number[], q: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
  return Math.round(value * 10) / 10;
}
