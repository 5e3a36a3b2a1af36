// Many small calls on one host: what grows? A day's worth of calls by their count: memory, descriptors, ports.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connect } from '../../src/index.ts';
import { frame, mismatch } from './frames.ts';
import { openDescriptors, timeWaits } from './kernel.ts';
import { ModelProcess, type Variant } from './model-process.ts';

export interface EnduranceOptions {
  readonly python: string;
  readonly variant: Variant;
  readonly calls: number;
  /** Calls between two looks. The first look, after as many, is what the others are held against. */
  readonly every: number;
  readonly log: (line: string) => void;
}

/** What was in use after some calls. */
export interface Usage {
  readonly calls: number;
  readonly heapMiB: number;
  /** Memory outside of the heap: buffers. */
  readonly externalMiB: number;
  readonly rssMiB: number;
  readonly descriptors: number;
  /** Ports in TIME_WAIT because of this model. */
  readonly timeWaits: number;
  readonly callsPerSecond: number;
}

export interface EnduranceReport {
  readonly usage: readonly Usage[];
  readonly modelAlive: boolean;
}

/** @throws Error when a reply is not the one to its call */
export async function endure({ python, variant, calls, every, log }: EnduranceOptions): Promise<EnduranceReport> {
  const collect = garbageCollector();
  const usage: Usage[] = [];
  await using served = await ModelProcess.start(python, variant, { quiet: true });
  const { pid } = served;
  await using model = connect(served.target, { inFlight: 2 });
  let next = 0;
  let since = performance.now();
  for (let done = 0; done < calls; ) {
    const until = Math.min(calls, done + every);
    const caller = async (): Promise<void> => {
      while (next < until) {
        const spec = { id: next++, elements: 16 };
        const why = mismatch(spec, await model.call(frame(spec)));
        if (why) throw new Error(`call ${spec.id}: ${why}`);
      }
    };
    await Promise.all([caller(), caller(), caller()]);
    const callsPerSecond = Math.round(((until - done) * 1000) / (performance.now() - since));
    done = until;
    // The last connection is closed, and the turn handed back, a few milliseconds later.
    await new Promise((resolve) => setTimeout(resolve, 200));
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    const mib = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;
    const now: Usage = {
      calls: done,
      heapMiB: mib(heapUsed),
      externalMiB: mib(external),
      rssMiB: mib(rss),
      descriptors: openDescriptors(),
      timeWaits: timeWaits(served.port),
      callsPerSecond,
    };
    usage.push(now);
    log(JSON.stringify(now));
    since = performance.now();
  }
  return { usage, modelAlive: served.alive && served.pid === pid };
}

/**
 * What grew: the least that was in use in the first half against the least in the second. What a collector has not yet
 * come to comes and goes; what is kept raises the least. The process itself still grows to its size for some 50 000 calls.
 */
export function growth({ usage }: EnduranceReport, { rssMiB = 32 }: { readonly rssMiB?: number } = {}): string[] {
  const half = Math.ceil(usage.length / 2);
  const [before, after] = [usage.slice(0, half), usage.slice(half)];
  if (after.length === 0) throw new RangeError('two looks at least are needed to see whether something grew');
  const grown: string[] = [];
  const hold = (name: keyof Usage, allowed: number): void => {
    const least = (looks: readonly Usage[]): number => Math.min(...looks.map((look) => look[name]));
    if (least(after) - least(before) > allowed) grown.push(`${name}: ${least(before)} to ${least(after)}`);
  };
  hold('heapMiB', 1);
  hold('externalMiB', 4);
  hold('rssMiB', rssMiB);
  hold('descriptors', 0);
  hold('timeWaits', 0);
  return grown;
}

/** The engine's own collector, which a program has to ask for. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
