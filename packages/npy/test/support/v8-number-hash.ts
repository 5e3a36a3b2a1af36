// Inverts V8's hash function for 64-bit numbers, to make numbers whose hashes collide.

const MASK = (1n << 64n) - 1n;
const INVERSE = { of65: inverse(65n), of21: inverse(21n), ofShift: inverse((1n << 18n) - 1n) };

/** Returns the 64 bits for which V8 computes `hash`. */
export function unhashed(hash: bigint): bigint {
  let x = (unshifted(hash, 22n) * INVERSE.of65) & MASK;
  x = (unshifted(x, 11n) * INVERSE.of21) & MASK;
  return ((unshifted(x, 31n) + 1n) * INVERSE.ofShift) & MASK;
}

/** Returns the inverse of an odd number modulo 2^64, by Newton's method. */
function inverse(odd: bigint): bigint {
  let x = 1n;
  for (let bits = 1; bits < 128; bits *= 2) x = (x * (2n - odd * x)) & MASK;
  return x;
}

function unshifted(h: bigint, by: bigint): bigint {
  let x = h;
  for (let done = 0n; done < 64n; done += by) x = h ^ (x >> by);
  return x;
}
