// Hostile files, for which Python is not asked: headers of the fuzzer's kinds, and pickles whose opcodes, sizes, shapes and names
// are changed. Each is decoded, listed, taken apart by fields and elements, and encoded again, with one documented error or none.
import { decode, encode, isNpyError, type NpyView, toNested } from '../src/core.ts';
import { field } from '../src/operations/field.ts';
import { pickle } from '../src/pickle/index.ts';
import { OP } from '../src/pickle/wire/opcodes.ts';
import { damaged, samples, xorshift } from '../test/pickle/hostile/damage.ts';
import { caseOf } from './kinds.ts';

export interface HostileReport {
  readonly cases: number;
  readonly decoded: number;
  readonly slowestMs: number;
  readonly slowest: string;
  /** The largest memory of the whole process, in bytes. */
  readonly peakRss: number;
  /** Errors other than NpyErrors, with their seeds. */
  readonly uncaught: readonly string[];
}

const opcodes = Object.values(OP);
const kinds = ['headers', 'descrs', 'shapes', 'files'] as const;
const front = encode({ data: new Uint8Array(1) }).subarray(0, 128);
/** The header of an object array. The reader does not use its shape. */
const objectFront = Uint8Array.from(
  Buffer.from(Buffer.from(front).toString('latin1').replace("'|u1'", "'|O' "), 'latin1'),
);
const words = ['', '\0', '[', 'numpy\nndarray\n', '\xff\xff\xff\xff', '\xff\xff\xff\x7f', '\0\0\0\x80'];

/** Returns the file of a seed, which is always the same. */
export function hostileFile(seed: number): Uint8Array {
  const random = xorshift(seed * 2_654_435_761 + 1 || 1);
  if (random(2) === 0) {
    const asked = caseOf(kinds[random(kinds.length)] ?? 'headers', seed);
    if (asked.ask === 'load') return asked.file;
  }
  const body = [...damaged(random, 1 + random(5), samples)];
  for (let n = random(5); n > 0; n--) {
    const at = random(body.length + 1);
    const kind = random(4);
    if (kind === 0) body.splice(at, random(2), opcodes[random(opcodes.length)] ?? 0);
    else if (kind === 1) body.splice(at, random(5), ...Buffer.from(words[random(words.length)] ?? '', 'latin1'));
    else if (kind === 2) body.splice(at, 1, [0, 1, 0x7f, 0x80, 0xff][random(5)] ?? 0);
    else {
      // The same piece occurs many times, which gives deeply nested values and many marks.
      const piece = body.slice(at, at + 1 + random(6));
      for (let times = random(40); times > 0; times--) body.splice(at, 0, ...piece);
    }
  }
  return Uint8Array.from([...objectFront, ...body]);
}

/** Does with a file all that a program may do. @returns whether it was decoded @throws errors other than NpyErrors */
export function useHostile(file: Uint8Array): boolean {
  const objects = pickle.with({ encoding: file.length % 2 ? 'latin1' : 'bytes' });
  const view = attempt(() => decode(file, { objects }));
  if (!view) return false;
  attempt(() => toNested(view));
  attempt(() => encode(view, { objects }));
  elements(view);
  for (const name of fieldNames(view)) attempt(() => toNested(field(view, name)));
  return true;
}

function elements({ data }: NpyView): void {
  for (let i = 0; i < Math.min(data.length, 3); i++) attempt(() => (ArrayBuffer.isView(data) ? data[i] : data.get(i)));
}

function fieldNames({ data }: NpyView): string[] {
  const names: unknown = ArrayBuffer.isView(data) ? undefined : (data as { names?: unknown }).names;
  return Array.isArray(names) ? names.slice(0, 8).map(String) : [];
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isNpyError(error)) throw error;
    return undefined;
  }
}

/** Runs the cases of `seed`, `seed` + 1, … */
export function runHostile(seed: number, cases: number): HostileReport {
  let [decoded, slowestMs, slowest, peakRss] = [0, 0, '', 0];
  const uncaught: string[] = [];
  for (let one = seed; one < seed + cases; one++) {
    const file = hostileFile(one);
    const started = performance.now();
    try {
      if (useHostile(file)) decoded++;
    } catch (error) {
      uncaught.push(`seed ${one}: ${error instanceof Error ? error.stack : String(error)}`);
    }
    const took = performance.now() - started;
    if (took > slowestMs) [slowestMs, slowest] = [took, `seed ${one}, ${file.length} bytes`];
    if (one % 1000 === 0) peakRss = Math.max(peakRss, process.memoryUsage().rss);
  }
  return { cases, decoded, slowestMs, slowest, peakRss, uncaught };
}

/** Prints the run as lines. @returns the exit code */
export function sayHostile({ cases, decoded, slowestMs, slowest, peakRss, uncaught }: HostileReport): number {
  console.log(`${cases} hostile files: ${decoded} decoded, slowest ${slowestMs.toFixed(1)} ms (${slowest})`);
  console.log(`most memory of the process: ${(peakRss / 1e6).toFixed(0)} MB; not an NpyError: ${uncaught.length}`);
  for (const error of uncaught.slice(0, 20)) console.log(error);
  return uncaught.length > 0 ? 1 : 0;
}
