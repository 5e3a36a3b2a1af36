// Pickles of real arrays with bytes changed, inserted and removed. The same seed gives the same pickles.
import { pickle } from '../../../src/pickle/pickle.ts';
import { type Natural, naturals } from '../naturals.ts';

/** Short pickles of arrays of every kind of value, as both NumPys write them. */
export const samples: readonly Uint8Array[] = shortPickles(naturals);

/** The short pickles of arrays whose dtype is `object`: NumPy does not convert their items when it reads them. */
export const plainSamples: readonly Uint8Array[] = shortPickles(naturals.filter(({ array }) => array.descr === '|O'));

function shortPickles(of: readonly Natural[]): Uint8Array[] {
  const old = pickle.with({ protocol: 3, numpyCore: 'numpy.core' });
  return of.flatMap(({ array }) => [pickle.encode(array), old.encode(array)]).filter(({ length }) => length < 2000);
}

/** Returns a seeded generator of random integers from 0 to below a bound. */
export function xorshift(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % Math.max(bound, 1);
  };
}

/** Returns one of the samples with damage in one to `places` places. */
export function damaged(random: (bound: number) => number, places = 4, of = samples): Uint8Array {
  const sample = [...(of[random(of.length)] ?? [])];
  for (let n = 1 + random(places); n > 0; n--) {
    const at = random(sample.length);
    const kind = random(4);
    if (kind === 0) sample.splice(at, random(8));
    else if (kind === 1) sample.splice(at, 0, random(256));
    else if (kind === 2) sample.splice(at, 0, ...sample.slice(random(sample.length)).slice(0, random(20)));
    else sample[at] = random(256);
  }
  return Uint8Array.from(sample);
}
