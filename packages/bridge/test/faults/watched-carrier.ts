// Wraps the carrier that `connect` uses for an address, and tells a test how far each exchange is.
import type { Carrier, FrameLimits } from '@bridge/transport';
import { tcp } from '@bridge/transport/tcp';
import { dialects } from '../../src/index.ts';

/** In step `begun` the connection is being made. The others are the steps that carriers report. */
export const PHASES = ['begun', 'connected', 'sent', 'reading'] as const;
export type Phase = (typeof PHASES)[number];

export function watchedCarrier(
  port: number,
  onPhase: (phase: Phase) => void,
  limits: Partial<FrameLimits> = {},
): Carrier {
  const carrier = tcp({ host: '127.0.0.1', port }, { dialect: dialects.seed, limits });
  return {
    exchange(message, options) {
      const exchange = carrier.exchange(message, {
        ...options,
        progress: (step) => {
          options?.progress?.(step);
          onPhase(step);
        },
      });
      onPhase('begun');
      return exchange;
    },
    close: () => carrier.close(),
    [Symbol.asyncDispose]: () => carrier.close(),
  };
}

/** Returns such a carrier, and the number of connections that it has opened. */
export function countingCarrier(port: number): { readonly carrier: Carrier; opened(): number } {
  let opened = 0;
  const carrier = watchedCarrier(port, (phase) => {
    if (phase === 'begun') opened++;
  });
  return { carrier, opened: () => opened };
}
