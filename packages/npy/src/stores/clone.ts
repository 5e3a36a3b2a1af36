// Stores that were cloned, by structuredClone or on their way to a worker: their memory and what they say of it has arrived,
// their methods have not.
import type { DType } from '../dtype/dtype.ts';
import type { DTypeSet } from '../dtype-set/dtype-set.ts';
import type { BytesStore } from './bytes.ts';
import { alignmentOf, bytesOfStore } from './native-numbers.ts';
import type { AnyStore } from './store-types.ts';

/** What is left of a store. */
type CloneOfStore = Pick<BytesStore, 'dtype' | 'descr' | 'raw' | 'words' | 'said'>;

/** The store again, on the same memory; undefined for what is no clone of one. */
export function reviveBytes(
  clone: unknown,
  { named, native, over }: Pick<DTypeSet, 'named' | 'native' | 'over'>,
): AnyStore | undefined {
  const { dtype, descr = dtype, raw, words, said } = Object(clone) as { readonly [K in keyof CloneOfStore]?: unknown };
  if (typeof words !== 'number' || !ArrayBuffer.isView(raw)) return undefined;
  let type: DType;
  try {
    type = native(named(descr));
  } catch {
    return undefined;
  }
  const bytes = bytesOfStore(raw);
  const isWhole = bytes.byteOffset % alignmentOf(type) === 0;
  if (type.name !== dtype || !isWhole) return undefined;
  const length = type.itemsize > 0 ? Math.floor(bytes.length / type.itemsize) : Number(said);
  return over(type, bytes.buffer, bytes.byteOffset, length);
}
