// Reads and writes elements of any store, typed arrays among them, by position.
import type { SimpleStore } from './simple.ts';
import type { Store } from './store-contract.ts';

/** Any store, as far as this file uses it. */
type Elements = SimpleStore | Pick<Store<unknown>, 'get' | 'set'>;

/** Returns a function that reads the element at a position. */
export function reader(data: Elements): (position: number) => unknown {
  if (ArrayBuffer.isView(data)) return (position) => (data as { readonly [index: number]: unknown })[position];
  return (position) => data.get(position);
}

/** Returns a function that writes an element of the right type at a position. */
export function writer(data: Elements): (position: number, value: unknown) => void {
  if (ArrayBuffer.isView(data)) {
    const elements = data as { [index: number]: unknown };
    return (position, value) => {
      elements[position] = value;
    };
  }
  const store: { set(position: number, value: unknown): void } = data as never;
  return (position, value) => store.set(position, value);
}
