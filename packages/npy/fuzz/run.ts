// Runs cases. They are sent to NumPy ahead of its answers, so that NumPy and this package work at the same time.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, requestOf } from './case.ts';
import { compare, type Difference } from './compare.ts';
import { explanationOf } from './explained.ts';
import { caseOf, type Kind, kindOf } from './kinds.ts';
import { minimise } from './minimise.ts';
import type { Answer } from './numpy/answer.ts';
import type { FuzzPeer } from './numpy/peer.ts';
import type { Options } from './options.ts';

/** The number of cases that may wait for NumPy's answer. */
const AHEAD = 256;
const PROGRESS_MS = 15_000;

interface Pending {
  readonly seed: number;
  readonly kind: Kind;
  readonly asked: Case;
  readonly answer: Promise<Answer>;
}

export class Run {
  readonly #peer: FuzzPeer;
  readonly #options: Options;
  readonly #explained = new Map<string, number>();
  readonly #outcomes = new Map<string, number>();
  readonly #found: { seed: number; kind: Kind; what: string }[] = [];
  #done = 0;
  #slowestMs = 0;
  #slowest = '';

  constructor(peer: FuzzPeer, options: Options) {
    this.#peer = peer;
    this.#options = options;
  }

  /** Runs every case. @returns the exit code */
  async all(): Promise<number> {
    const { cases, seed: first, kind, maxDifferences } = this.#options;
    const started = performance.now();
    let shown = started;
    const pending: Pending[] = [];
    for (let i = 0; (i < cases || pending.length > 0) && this.#found.length < maxDifferences; ) {
      while (i < cases && pending.length < AHEAD) pending.push(this.#ask(first + i++, kind));
      // The answers of half of the sent cases are handled at once, while the other half keeps NumPy busy.
      for (const one of pending.splice(0, AHEAD / 2)) await this.#take(one);
      if (performance.now() - shown < PROGRESS_MS) continue;
      shown = performance.now();
      this.#progress(started);
    }
    this.#progress(started);
    this.#summary();
    await this.#shrinkAll();
    return this.#found.length > 0 ? 1 : 0;
  }

  /** Runs one case, and prints all that is known of it. @returns the exit code */
  async replay(seed: number): Promise<number> {
    const one = this.#ask(seed, this.#options.kind);
    const answer = await one.answer;
    const difference = compare(one.asked, answer);
    console.log(`${one.kind} ${seed}`);
    console.log(shown(one.asked));
    console.log('NumPy:', answer);
    const why = difference && explanationOf(difference, this.#peer.numpyMajor);
    if (!difference) console.log('no difference');
    else if (why !== undefined) console.log(`${difference.what}\nexplained: ${why}`);
    else await this.#show(one.kind, seed, difference);
    return difference && why === undefined ? 1 : 0;
  }

  #ask(seed: number, given: Kind | undefined): Pending {
    const kind = given ?? kindOf(seed);
    const asked = caseOf(kind, seed);
    return { seed, kind, asked, answer: this.#peer.ask(requestOf(asked)) };
  }

  async #take({ seed, kind, asked, answer }: Pending): Promise<void> {
    const numpy = await answer;
    const before = performance.now();
    const difference = compare(asked, numpy);
    const took = performance.now() - before;
    if (took > this.#slowestMs) [this.#slowestMs, this.#slowest] = [took, `${kind} ${seed}`];
    this.#done++;
    count(this.#outcomes, `${kind}: ${numpy.outcome}${numpy.outcome === 'died' ? ` (${numpy.reason})` : ''}`);
    if (numpy.outcome === 'died' && numpy.reason.startsWith('silent')) console.log(`NumPy hangs: ${kind} ${seed}`);
    if (!difference) return;
    const why = explanationOf(difference, this.#peer.numpyMajor);
    if (why !== undefined) {
      count(this.#explained, why);
      return;
    }
    this.#found.push({ seed, kind, what: difference.what });
    console.log(`DIFFERENCE ${kind} ${seed}: ${difference.what.slice(0, 600)}`);
  }

  #progress(started: number): void {
    const seconds = (performance.now() - started) / 1000;
    const perSecond = Math.round(this.#done / seconds);
    const explained = [...this.#explained.values()].reduce((a, b) => a + b, 0);
    const time = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
    console.log(
      `${time}  ${this.#done} cases  ${perSecond}/s  ${this.#found.length} differences  ${explained} explained  ${this.#peer.lost} NumPy processes lost`,
    );
  }

  #summary(): void {
    for (const [outcome, times] of [...this.#outcomes].sort()) console.log(`  ${outcome} ${times}`);
    console.log(`  slowest here: ${this.#slowestMs.toFixed(1)} ms, ${this.#slowest}`);
    for (const [why, times] of this.#explained) console.log(`  explained ${times}: ${why}`);
  }

  async #shrinkAll(): Promise<void> {
    for (const { seed, kind } of this.#found.slice(0, 5)) await this.#show(kind, seed);
  }

  /** Prints the smallest case of a difference, and writes its file. */
  async #show(kind: Kind, seed: number, difference?: Difference): Promise<void> {
    const small = (await minimise(kind, seed, this.#peer)) ?? { asked: undefined, difference };
    console.log(`\nsmallest of ${kind} ${seed}: npm run fuzz -- --kind ${kind} --replay ${seed}`);
    if (small.asked) console.log(shown(small.asked));
    console.log(small.difference?.what);
    if (!small.difference?.file) return;
    const path = join(tmpdir(), `npy-fuzz-${kind}-${seed}.npy`);
    writeFileSync(path, small.difference.file);
    console.log(`file: ${path}`);
  }
}

function shown(asked: Case): string {
  if (asked.ask === 'load') return JSON.stringify(Buffer.from(asked.file.subarray(0, 600)).toString('latin1'));
  if (asked.ask === 'objects') return JSON.stringify(asked);
  return `${JSON.stringify(asked.array)} over ${Buffer.from(asked.pattern).toString('hex')}`;
}

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
