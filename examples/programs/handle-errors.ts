// Tells errors apart by their code, each with what belongs to it.
import { decode, encode, isNpyError } from '@bridge/npy';

/** Returns the answer to somebody who sends a picture. */
function complaintOf(file: Uint8Array): string {
  try {
    return `fine: ${decode(file, { dtype: 'uint8', limits: { maxBytes: 1000 } }).shape.join(' x ')}`;
  } catch (error) {
    if (isNpyError(error, 'NPY_DTYPE')) return `not bytes but ${error.detail.actual}`;
    if (!isNpyError(error)) throw error;
    switch (error.code) {
      case 'NPY_TRUNCATED':
        return `${error.detail.received} of ${error.detail.expected ?? 'many'} bytes came`;
      case 'NPY_LIMIT':
        return `${error.detail.bytes} bytes are too many`;
      default:
        return error.fault === 'data' ? 'not a .npy file' : error.message;
    }
  }
}

const picture = encode({ data: new Uint8Array(12), shape: [2, 2, 3] });
console.log(complaintOf(picture)); // fine: 2 x 2 x 3
console.log(complaintOf(encode([0.5]))); // not bytes but float64
console.log(complaintOf(picture.subarray(0, 130))); // 130 of 140 bytes came
console.log(complaintOf(encode(new Uint8Array(5000)))); // 5000 bytes are too many
console.log(complaintOf(Uint8Array.of(0x89, 0x50, 0x4e, 0x47))); // not a .npy file
