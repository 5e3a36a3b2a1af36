// Bounds on a reply as a command line writes them: the same words in each subcommand.
import type { ReplyLimits } from '@bridge/transport';
import { given, numberOf } from '../subcommand.ts';

/** For parseArgs. */
export const LIMITS = {
  'max-message-bytes': { type: 'string' },
  'stall-ms': { type: 'string' },
  'stall-bytes': { type: 'string' },
} as const;

/** @throws UsageError */
export function limitsOf(
  values: { readonly [Name in keyof typeof LIMITS]?: string | undefined },
): Partial<ReplyLimits> {
  const number = (name: keyof typeof LIMITS): number | undefined => numberOf(`--${name}`, values[name]);
  return given({
    maxMessageBytes: number('max-message-bytes'),
    stallMs: number('stall-ms'),
    stallBytes: number('stall-bytes'),
  });
}
