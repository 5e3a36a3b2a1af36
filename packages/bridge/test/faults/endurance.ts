// One host makes as many small calls as in a day. Its memory, descriptors and ports must not grow.
import { setTimeout as pause } from 'node:timers/promises';
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
  /** The number of calls between two measurements. The first one, after as many calls, is the reference for the others. */
  readonly every: number;
  readonly log: (line: string) => void;
}

/** The memory, descriptors and ports that are in use after some calls. */
export interface Usage {
  readonly calls: number;
  readonly heapMiB: number;
  /** Memory outside of V8's heap: buffers. */
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

/** @throws Error if a reply belongs to another call */
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
    // A few milliseconds later the last connection is closed and the turn given back.
    await pause(200);
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

/** The process still grows during the first tens of thousands of calls. */
const FULL_SIZE_CALLS = 100_000;

/**
 * Returns the values that grew: it compares the minimum of the first half with that of the second half. Garbage that is not
 * collected yet changes a single value; a leak raises the minimum.
 */
export function growth({ usage }: EnduranceReport): string[] {
  if (usage.length < 2) throw new RangeError('two looks at least are needed to see whether something grew');
  const grown: string[] = [];
  const hold = (name: keyof Usage, allowed: number, looks = usage): void => {
    const values = looks.map((look) => look[name]);
    const half = Math.ceil(values.length / 2);
    const [before, after] = [Math.min(...values.slice(0, half)), Math.min(...values.slice(half))];
    if (values.length >= 2 && after - before > allowed) grown.push(`${name}: ${before} to ${after}`);
  };
  hold('heapMiB', 1);
  hold('externalMiB', 16);
  hold(
    'rssMiB',
    32,
    usage.filter(({ calls }) => calls >= FULL_SIZE_CALLS),
  );
  hold('descriptors', 0);
  hold('timeWaits', 0);
  return grown;
}

/** V8's garbage collector, which a program can only call after it has set a flag. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
