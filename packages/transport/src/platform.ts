// What every runtime has and the ECMAScript library does not type. Nothing else of a platform is used by the portable
// part of this package.
import type { Signal } from './carrier.ts';

interface Platform {
  AbortController: { new (): { readonly signal: Signal; abort(reason: unknown): void } };
}

export const platform: Platform = globalThis as unknown as Platform;
