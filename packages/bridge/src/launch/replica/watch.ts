// The watch over an instance that is up: whether it spins or floods its log without a message, or has stopped listening. What
// is wrong is told; what follows from it is supervised.ts's affair. A death tells itself.
import { availableParallelism, loadavg } from 'node:os';
import type { ModelFault } from '../errors.ts';
import type { Instance, Usage } from '../runtime.ts';

export interface VigilOptions {
  readonly instance: Instance;
  /** Messages that are under way there. */
  readonly underWay: () => number;
  /** Messages that were answered there. */
  readonly answered: () => number;
  readonly writtenBytes: () => number;
  /** How long it may use the processor, or flood its log, with no message. */
  readonly spinMs: number;
  readonly onUsage: (usage: Usage) => void;
  readonly onFault: (fault: ModelFault) => void;
  readonly onFlood: (bytesPerSecond: number) => void;
}

const LOOK_MS = 1000;
/** Of what the machine has for one thread: a processor, or less where more threads want one than there are. */
const SPINNING_SHARE = 0.8;
/** Long enough for a server that closes its socket and opens another. */
const DEAF_MS = 5000;
const FLOOD_BYTES_PER_SECOND = 8 * 2 ** 20;
/**
 * A model that has had a message for too long is looked at for so long, to tell spin from silence. On a crowded machine one
 * that spins gets its processor late: there the look takes longer, up to the second number.
 */
const SAMPLE_MS = 250;
const LONGEST_SAMPLE_MS = 2500;
/** A model spins if it uses this part of what the machine has for one thread: one that waits uses nothing. */
const BUSY_SHARE = 0.1;

interface Look {
  readonly at: number;
  readonly cpuSeconds: number | undefined;
  readonly answered: number;
  readonly writtenBytes: number;
}

export class Vigil implements Disposable {
  readonly #options: VigilOptions;
  readonly #timer: NodeJS.Timeout;
  #last: Look;
  #spinningSince: number | undefined;
  #deafSince: number | undefined;
  #floodingSince: number | undefined;
  #looking = false;
  #over = false;

  constructor(options: VigilOptions) {
    this.#options = options;
    this.#last = this.#lookAt(undefined);
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    this.#over = true;
    clearInterval(this.#timer);
  }

  /** It has had a message for `forMs` and gave no sign: spin or silence? */
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

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const { instance, onUsage } = this.#options;
      const [usage, listening] = await Promise.all([instance.usage(), instance.listening()]);
      if (this.#over) return;
      if (usage) onUsage(usage);
      const before = this.#last;
      const now = this.#lookAt(usage?.cpuSeconds);
      this.#last = now;
      // Whoever writes so much is busy as well: the flood is what there is to be said.
      this.#checkFlood(before, now);
      this.#checkSpin(before, now);
      this.#checkDeaf(listening !== undefined, now.at);
    } catch {
      // Its runtime does not answer: whether the model has ended is told by its end.
    } finally {
      this.#looking = false;
    }
  }

  #checkSpin(before: Look, now: Look): void {
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

  #checkFlood(before: Look, now: Look): void {
    const bytesPerSecond = ((now.writtenBytes - before.writtenBytes) / (now.at - before.at)) * 1000;
    if (bytesPerSecond < FLOOD_BYTES_PER_SECOND) {
      this.#floodingSince = undefined;
      return;
    }
    const { onFlood, onFault, spinMs } = this.#options;
    if (this.#floodingSince === undefined) onFlood(bytesPerSecond);
    // One that answers may say as much as it likes: nobody keeps it.
    if (this.#floodingSince === undefined || !this.#isIdle(before, now)) this.#floodingSince = before.at;
    const forMs = now.at - this.#floodingSince;
    if (forMs >= spinMs) onFault({ kind: 'flood', forMs, bytesPerSecond });
  }

  #isIdle(before: Look, now: Look): boolean {
    return this.#options.underWay() === 0 && now.answered === before.answered;
  }

  #lookAt(cpuSeconds: number | undefined): Look {
    const { answered, writtenBytes } = this.#options;
    return { at: performance.now(), cpuSeconds, answered: answered(), writtenBytes: writtenBytes() };
  }
}

/** Returns the part of a processor that one busy thread can expect now: 1, or less where more threads want one than there are. */
function processorShare(): number {
  return Math.min(1, availableParallelism() / (loadavg()[0] ?? 0));
}

/** How much of a processor was used. */
function share(before: number | undefined, after: number | undefined, ms: number): number | undefined {
  return before === undefined || after === undefined ? undefined : ((after - before) * 1000) / ms;
}
