// The watch over an instance that is up: notices that it spins or floods its log without a message, or has stopped listening. It
// reports faults; supervised-replica.ts decides what follows from them. A death is noticed elsewhere, by `ended`.
import { availableParallelism, loadavg } from 'node:os';
import type { ModelFault } from '../launch-errors.ts';
import type { Instance, Usage } from '../runtime.ts';

export interface WatchOptions {
  readonly instance: Instance;
  /** Messages that are under way at the instance. */
  readonly underWay: () => number;
  /** Messages that the instance has answered. */
  readonly answered: () => number;
  readonly writtenBytes: () => number;
  /** Milliseconds for which the model may use the processor, or flood its log, without a message. */
  readonly spinMs: number;
  readonly onUsage: (usage: Usage) => void;
  readonly onFault: (fault: ModelFault) => void;
  readonly onFlood: (bytesPerSecond: number) => void;
}

const LOOK_MS = 1000;
/** The share of what the machine has for one thread: a processor, or less if more threads want one than there are. */
const SPINNING_SHARE = 0.8;
/** Long enough for a server that closes its socket and opens another. */
const DEAF_MS = 5000;
const FLOOD_BYTES_PER_SECOND = 8 * 2 ** 20;
/**
 * Milliseconds for which a model that has had a message for too long is measured, to tell a spin from silence. On a crowded machine
 * a model that spins gets its processor late, so the measurement takes longer there, up to the second number.
 */
const SAMPLE_MS = 250;
const LONGEST_SAMPLE_MS = 2500;
/** A model spins if it uses this share of what the machine has for one thread. A model that waits uses nothing. */
const BUSY_SHARE = 0.1;

interface Sample {
  readonly at: number;
  readonly cpuSeconds: number | undefined;
  readonly answered: number;
  readonly writtenBytes: number;
}

export class Watch implements Disposable {
  readonly #options: WatchOptions;
  readonly #timer: NodeJS.Timeout;
  #last: Sample;
  #spinningSince: number | undefined;
  #deafSince: number | undefined;
  #floodingSince: number | undefined;
  #isChecking = false;
  #over = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#last = this.#sample(undefined);
    this.#timer = setInterval(() => void this.#check(), LOOK_MS);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    this.#over = true;
    clearInterval(this.#timer);
  }

  /** Resolves with the fault of a model that has had a message for `forMs` and gave no sign: spin or silence. */
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
      // A model that writes so much is busy as well, so the flood is checked before the spin.
      this.#checkFlood(before, now);
      this.#checkSpin(before, now);
      this.#checkDeaf(listening !== undefined, now.at);
    } catch {
      // The runtime does not answer. If the model has ended, `ended` tells.
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
    if (listens || this.#options.underWay() > 0) {
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
    // A model that answers may write as much as it likes, because the log does not keep it.
    if (this.#floodingSince === undefined || !this.#isIdle(before, now)) this.#floodingSince = before.at;
    const forMs = now.at - this.#floodingSince;
    if (forMs >= spinMs) onFault({ kind: 'flood', forMs, bytesPerSecond });
  }

  #isIdle(before: Sample, now: Sample): boolean {
    return this.#options.underWay() === 0 && now.answered === before.answered;
  }

  #sample(cpuSeconds: number | undefined): Sample {
    const { answered, writtenBytes } = this.#options;
    return { at: performance.now(), cpuSeconds, answered: answered(), writtenBytes: writtenBytes() };
  }
}

/** Returns the share of a processor that one busy thread can expect now: 1, or less if more threads want one than there are. */
function processorShare(): number {
  return Math.min(1, availableParallelism() / (loadavg()[0] ?? 0));
}

/** Returns the share of a processor that was used. */
function share(before: number | undefined, after: number | undefined, ms: number): number | undefined {
  return before === undefined || after === undefined ? undefined : ((after - before) * 1000) / ms;
}
