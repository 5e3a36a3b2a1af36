// Computes the hashes that V8's Map and Set use for the keys of a pickle. These hashes are the same in every process, so that a file can
// hold any number of keys with one hash, and a Map compares each of them with all before it. Short strings are left out, because V8 seeds
// their hashes, and objects, whose hashes are random. Source: ComputeUnseededHash and ComputeLongHash in V8's src/utils/utils.h.

/** The greatest length at which V8 hashes a string by its characters, with a seed. It hashes a longer string by its length alone. */
export const MAX_SEEDED_LENGTH = 16_383;

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

/** Returns V8's hash of a number, a bigint or a long string; undefined for a key whose hash a file cannot choose. */
export function engineHash(key: unknown): number | undefined {
  if (typeof key === 'number') {
    if ((key | 0) === key) return hash32(key);
    float[0] = key;
    return hash64(words[1] as number, words[0] as number);
  }
  if (typeof key === 'bigint') {
    const low = BigInt.asUintN(64, key < 0n ? -key : key);
    return hash64(Number(low >> 32n) | 0, Number(low & 0xffff_ffffn) | 0);
  }
  return typeof key === 'string' && key.length > MAX_SEEDED_LENGTH ? key.length : undefined;
}

function hash32(key: number): number {
  let h = (~key + (key << 15)) | 0;
  h ^= h >>> 12;
  h = (h + (h << 2)) | 0;
  h ^= h >>> 4;
  h = Math.imul(h, 2057);
  return (h ^ (h >>> 16)) & 0x3fff_ffff;
}

/** Hashes 64 bits, given as two words. */
function hash64(high: number, low: number): number {
  // hash = ~hash + (hash << 18)
  let lo = (~low >>> 0) + ((low << 18) >>> 0);
  let hi = (~high + ((high << 18) | (low >>> 14)) + (lo > 0xffff_ffff ? 1 : 0)) | 0;
  lo |= 0;
  // hash ^= hash >> 31
  lo ^= (hi << 1) | (lo >>> 31);
  hi ^= hi >>> 31;
  // hash *= 21
  const product = (lo >>> 0) * 21;
  hi = (Math.imul(hi, 21) + Math.floor(product / 2 ** 32)) | 0;
  lo = product | 0;
  // hash ^= hash >> 11
  lo ^= (hi << 21) | (lo >>> 11);
  hi ^= hi >>> 11;
  // hash += hash << 6
  const sum = (lo >>> 0) + ((lo << 6) >>> 0);
  hi = (hi + ((hi << 6) | (lo >>> 26)) + (sum > 0xffff_ffff ? 1 : 0)) | 0;
  lo = sum | 0;
  // hash ^= hash >> 22
  lo ^= (hi << 10) | (lo >>> 22);
  return lo & 0x3fff_ffff;
}
