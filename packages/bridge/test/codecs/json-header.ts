// A sample header for tests: one line of JSON in front of bare elements, {"dtype":"uint8","shape":[2,3]}
import type { ArrayHeader } from '../../src/index.ts';

export const jsonHeader: ArrayHeader = {
  encode: ({ dtype, shape }) => `${JSON.stringify({ dtype, shape })}\n`,
  decode(head) {
    const end = head.indexOf(10);
    return end < 0
      ? undefined
      : { ...JSON.parse(new TextDecoder().decode(head.subarray(0, end))), headerBytes: end + 1 };
  },
};
