// A model is killed repeatedly under load, and restarted each time: every call is answered or fails with the right error, and
// service resumes without help. Four hosts in one process call the model:
//   patient     waits for a model that is gone: loses only the messages that the model had when it was killed
//   idempotent  lets its messages be sent again: loses only messages that were lost three times
//   impatient   gets an error at once if nothing listens
//   stream      sends every frame in order, and continues with the first unanswered one after an error
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type Model } from '../../src/index.ts';
import { type FrameSpec, frame, mismatch } from './frames.ts';
import { ModelProcess, type Variant } from './model-process.ts';
import { Random } from './random.ts';

export interface KillingOptions {
  readonly python: string;
  readonly variant: Variant;
  readonly seed: number;
  readonly kills: number;
  readonly log?: (line: string) => void;
}

export interface KillingReport {
  readonly kills: number;
  readonly calls: number;
  readonly answered: number;
  /** The number of failures of each host, by code. */
  readonly failures: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /**
   * The faults of the run: a missing answer, a wrong reply, a wrong code, more lost messages than the model had. The list must be
   * empty.
   */
  readonly wrong: readonly string[];
  /** The milliseconds from the moment in which the new model listens to the first answer, sorted. */
  readonly toServiceMs: readonly number[];
  /** The milliseconds from the kill to the first answer of the new model, its start included, sorted. */
  readonly outageMs: readonly number[];
}

/** The number of messages that the model handles or has in its backlog, from all hosts together. */
const IN_FLIGHT = 2;
const UNANSWERED_MS = 60_000;
const LOST: readonly string[] = ['TRANSPORT_CLOSED_BEFORE_REPLY', 'TRANSPORT_CLOSED_INSIDE_REPLY'];

interface Host {
  readonly name: string;
  readonly model: Model;
  readonly callers: number;
  readonly codes: readonly string[];
}

export async function killAgainAndAgain(options: KillingOptions): Promise<KillingReport> {
  const { python, variant, seed, kills, log } = options;
  const random = new Random(seed);
  let served = await ModelProcess.start(python, variant);
  const { port, target } = served;
  await using patient = connect(target, { inFlight: IN_FLIGHT, retryMs: UNANSWERED_MS });
  await using idempotent = connect(target, { retry: 'idempotent', retryMs: UNANSWERED_MS });
  await using impatient = connect(target, { inFlight: IN_FLIGHT, retryMs: 0 });
  await using streaming = connect(target, { inFlight: IN_FLIGHT, retryMs: UNANSWERED_MS });
  const hosts: readonly Host[] = [
    { name: 'patient', model: patient, callers: 3, codes: LOST },
    { name: 'idempotent', model: idempotent, callers: 2, codes: LOST },
    { name: 'impatient', model: impatient, callers: 1, codes: [...LOST, 'TRANSPORT_REFUSED'] },
  ];
  const load = new Load(hosts, random);
  const running = [load.run(), load.stream({ name: 'stream', model: streaming, callers: 1, codes: LOST })];
  const toServiceMs: number[] = [];
  const outageMs: number[] = [];
  try {
    for (let kill = 0; kill < kills; kill++) {
      await pause(random.int(20, 300));
      const killedAt = performance.now();
      await served.kill();
      served = await ModelProcess.start(python, variant, { port });
      const listensAt = performance.now();
      await load.answer();
      toServiceMs.push(performance.now() - listensAt);
      outageMs.push(performance.now() - killedAt);
      if (log && (kill + 1) % 20 === 0) log(`${kill + 1} kills, ${load.calls} calls, ${load.answered} answered`);
    }
  } finally {
    load.end();
    await Promise.all(running);
    await served.kill();
  }
  const { calls, answered, failures, wrong } = load;
  for (const name of ['patient', 'stream', 'impatient', 'idempotent']) {
    const lost = LOST.reduce((sum, code) => sum + (failures[name]?.[code] ?? 0), 0);
    if (lost > kills * IN_FLIGHT) wrong.push(`${name} lost ${lost} messages to ${kills} kills`);
  }
  const sorted = (values: number[]): number[] => values.sort((a, b) => a - b);
  return { kills, calls, answered, failures, wrong, toServiceMs: sorted(toServiceMs), outageMs: sorted(outageMs) };
}

/** Callers that call without a pause, and a count of the outcomes. */
class Load {
  calls = 0;
  answered = 0;
  readonly failures: Record<string, Record<string, number>> = {};
  readonly wrong: string[] = [];
  readonly #hosts: readonly Host[];
  readonly #random: Random;
  #over = false;
  #told: (() => void)[] = [];
  #lastId = 0;

  constructor(hosts: readonly Host[], random: Random) {
    this.#hosts = hosts;
    this.#random = random;
  }

  end(): void {
    this.#over = true;
  }

  /** Resolves when the model answers the next call of any caller. */
  answer(): Promise<void> {
    return new Promise((resolve) => this.#told.push(resolve));
  }

  async run(): Promise<void> {
    const callers = this.#hosts.flatMap((host) => Array.from({ length: host.callers }, () => this.#caller(host)));
    await Promise.all(callers);
  }

  async stream({ model, ...host }: Host): Promise<void> {
    while (!this.#over) {
      const sent: FrameSpec[] = [];
      const frames = function* (load: Load) {
        while (!load.#over) {
          const spec = load.#frame();
          sent.push(spec);
          yield frame(spec);
        }
      };
      try {
        for await (const { output } of model.stream(frames(this))) this.#take(host.name, sent.shift(), output);
      } catch (error) {
        this.#failed(host, error);
      }
    }
  }

  async #caller({ model, ...host }: Host): Promise<void> {
    while (!this.#over) {
      const spec = this.#frame();
      this.calls++;
      let timer: NodeJS.Timeout | undefined;
      const unanswered = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not answered within ${UNANSWERED_MS} ms`)), UNANSWERED_MS);
      });
      try {
        this.#take(host.name, spec, await Promise.race([model.call(frame(spec)), unanswered]));
      } catch (error) {
        this.#failed(host, error);
        // The call failed at once because nothing listens, so the caller pauses before its next call.
        await pause(5);
      } finally {
        clearTimeout(timer);
      }
    }
  }

  #frame(): FrameSpec {
    const id = ++this.#lastId;
    return this.#random.weighted<FrameSpec>([
      [80, { id, computeMs: this.#random.int(0, 5) }],
      [10, { id, elements: this.#random.int(3, 500_000) }],
      [10, { id, replyElements: this.#random.int(1, 500_000) }],
    ]);
  }

  #take(name: string, spec: FrameSpec | undefined, reply: Parameters<typeof mismatch>[1]): void {
    const why = spec ? mismatch(spec, reply) : 'a reply to nothing';
    if (why) this.wrong.push(`${name}: ${why}`);
    this.answered++;
    for (const tell of this.#told.splice(0)) tell();
  }

  #failed({ name, codes }: Pick<Host, 'name' | 'codes'>, error: unknown): void {
    const { code = '', message } = error as { code?: string; message: string };
    if (!codes.includes(code)) this.wrong.push(`${name}: ${code} ${message}`);
    this.failures[name] ??= {};
    this.failures[name][code] = (this.failures[name][code] ?? 0) + 1;
  }
}
