// The memory that our code asks for: a count of bytes, which no garbage collection changes.
import { vi } from 'vitest';

/** Resolves to the bytes of all `new Uint8Array(length)` that ran until `work` was over. */
export async function memoryAskedFor(work: () => unknown): Promise<number> {
  let bytes = 0;
  const counting = new Proxy(Uint8Array, {
    construct(target, args, newTarget) {
      if (typeof args[0] === 'number') bytes += args[0];
      return Reflect.construct(target, args, newTarget);
    },
  });
  vi.stubGlobal('Uint8Array', counting);
  try {
    await work();
  } finally {
    vi.unstubAllGlobals();
  }
  return bytes;
}
