// Watches an instance that is up: notices if it uses the processor or floods its log without a message, or no longer listens. It reports
// faults; supervised-replica.ts decides what to do about them. `ended` of the instance reports its end.
import { availableParallelism, loadavg } from 'node:os';
import type { ModelFault } from '../launch-errors.ts';
import type { Instance, Usage } from '../runtime.ts';

export interface FaultWatchOptions {
  readonly instance: Instance;
  /** Returns the number of messages that are in progress at the instance. */
  readonly inProgress: () => number;
  /** Returns the number of messages that the instance has answered. */
  readonly answered: () => number;
  readonly writtenBytes: () => number;
  /** Milliseconds for which the model may use a whole processor, or flood its log, without a message. */
  readonly spinMs: number;
  readonly onUsage: (usage: Usage) => void;
  readonly onFault: (fault: ModelFault) => void;
  readonly onFlood: (bytesPerSecond: number) => void;
}

const LOOK_MS = 1000;
/** A model spins if it uses this share of what one thread can get: a processor, or less if more threads than processors are busy. */
const SPINNING_SHARE = 0.8;
/** Milliseconds without a listener after which a model is deaf: long enough for a server that closes its socket and opens another. */
const DEAF_MS = 5000;
const FLOOD_BYTES_PER_SECOND = 8 * 2 ** 20;
/**
 * Milliseconds for which the processor use of a model is measured that has had a message for too long, to tell a spin from silence. On a
 * busy machine a model that spins gets little processor time, so the measurement takes longer there, up to the second number.
 */
const SAMPLE_MS = 250;
const LONGEST_SAMPLE_MS = 2500;
/** In that measurement a model spins if it uses this share of what one thread can get. A model that waits uses nothing. */
const BUSY_SHARE = 0.1;

interface Sample {
  readonly at: number;
  readonly cpuSeconds: number | undefined;
  readonly answered: number;
  readonly writtenBytes: number;
}

export class FaultWatch implements Disposable {
  readonly #options: FaultWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #last: Sample;
  #spinningSince: number | undefined;
  #deafSince: number | undefined;
  #floodingSince: number | undefined;
  #isChecking = false;
  #over = false;

  constructor(options: FaultWatchOptions) {
    this.#options = options;
    this.#last = this.#sample(undefined);
    this.#timer = setInterval(() => void this.#check(), LOOK_MS);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    this.#over = true;
    clearInterval(this.#timer);
  }

  /** Resolves with the fault, spin or silence, of a model that has had a message for `forMs` without a sign of life. */
  async nameSilence(forMs: number): Promise<ModelFault> {
    const { instance } = this.#options;
    const cpuSeconds = async (): Promise<number | undefined> =>
      (await instance.usage().catch(() => undefined))?.cpuSeconds;
    const before = await cpuSeconds();
    const at = performance.now();
    const available = processorShare();
    await new Promise((resolve) => setTimeout(resolve, Math.min(SAMPLE_MS / available, LONGEST_SAMPLE_MS)));
    const after = await cpuSeconds();
    const cpuShare = share(before, after, performance.now() - at) ?? 0;
    return cpuShare >= BUSY_SHARE * available
      ? { kind: 'spin', forMs, cpuShare, withMessage: true }
      : { kind: 'silence', forMs, cpuShare };
  }

  async #check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      const { instance, onUsage } = this.#options;
      const [usage, listening] = await Promise.all([instance.usage(), instance.listening()]);
      if (this.#over) return;
      if (usage) onUsage(usage);
      const before = this.#last;
      const now = this.#sample(usage?.cpuSeconds);
      this.#last = now;
      // A model that writes so much is also busy, so the flood is checked before the spin.
      this.#checkFlood(before, now);
      this.#checkSpin(before, now);
      this.#checkDeaf(listening !== undefined, now.at);
    } catch {
      // The runtime does not answer. If the model has ended, `ended` reports that.
    } finally {
      this.#isChecking = false;
    }
  }

  #checkSpin(before: Sample, now: Sample): void {
    const cpuShare = share(before.cpuSeconds, now.cpuSeconds, now.at - before.at) ?? 0;
    const idle = this.#isIdle(before, now);
    if (!idle || cpuShare < SPINNING_SHARE * processorShare()) {
      this.#spinningSince = undefined;
      return;
    }
    this.#spinningSince ??= before.at;
    const forMs = now.at - this.#spinningSince;
    if (forMs >= this.#options.spinMs) this.#options.onFault({ kind: 'spin', forMs, cpuShare, withMessage: false });
  }

  #checkDeaf(listens: boolean, now: number): void {
    if (listens || this.#options.inProgress() > 0) {
      this.#deafSince = undefined;
      return;
    }
    this.#deafSince ??= now;
    const forMs = now - this.#deafSince;
    if (forMs >= DEAF_MS) this.#options.onFault({ kind: 'deaf', forMs });
  }

  #checkFlood(before: Sample, now: Sample): void {
    const bytesPerSecond = ((now.writtenBytes - before.writtenBytes) / (now.at - before.at)) * 1000;
    if (bytesPerSecond < FLOOD_BYTES_PER_SECOND) {
      this.#floodingSince = undefined;
      return;
    }
    const { onFlood, onFault, spinMs } = this.#options;
    if (this.#floodingSince === undefined) onFlood(bytesPerSecond);
    // A model that answers messages may write any amount, because the log keeps only the newest of it.
    if (this.#floodingSince === undefined || !this.#isIdle(before, now)) this.#floodingSince = before.at;
    const forMs = now.at - this.#floodingSince;
    if (forMs >= spinMs) onFault({ kind: 'flood', forMs, bytesPerSecond });
  }

  #isIdle(before: Sample, now: Sample): boolean {
    return this.#options.inProgress() === 0 && now.answered === before.answered;
  }

  #sample(cpuSeconds: number | undefined): Sample {
    const { answered, writtenBytes } = this.#options;
    return { at: performance.now(), cpuSeconds, answered: answered(), writtenBytes: writtenBytes() };
  }
}

/** Returns the share of a processor that one busy thread can get now: 1, or less if more threads than processors are busy. */
function processorShare(): number {
  return Math.min(1, availableParallelism() / (loadavg()[0] ?? 0));
}

/** Returns the share of a processor that was used in so many milliseconds. */
function share(before: number | undefined, after: number | undefined, ms: number): number | undefined {
  return before === undefined || after === undefined ? undefined : ((after - before) * 1000) / ms;
}
