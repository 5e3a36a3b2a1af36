// Counts the bytes that code allocates. Garbage collection does not change the count.
import { vi } from 'vitest';

/** Resolves with the bytes of all calls of `new Uint8Array(length)` while `work` runs. */
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
