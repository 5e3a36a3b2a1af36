// Dialects as a command line writes them: seed, numpysocket, prefixed:4, prefixed:8:little:persistent.
import type { Dialect } from '../../dialects/dialect.ts';
import { dialects } from '../../dialects/named.ts';
import { UsageError } from '../subcommand.ts';

/** For the help. */
export const DIALECTS = 'seed, seedClosing, tenDigits, numpysocket, prefixed:BYTES[:little][:persistent]';

const { prefixed, ...named } = dialects;

/** @throws UsageError */
export function dialectOf(option: string, text: string | undefined): Dialect | undefined {
  if (text === undefined) return undefined;
  const [name = '', bytes, ...words] = text.split(':');
  const dialect = Object.entries(named).find(([each]) => each === text)?.[1];
  if (dialect) return dialect;
  const known = words.every((word) => word === 'little' || word === 'big' || word === 'persistent');
  if (name !== 'prefixed' || !/^[1-8]$/.test(bytes ?? '') || !known) {
    throw new UsageError(`${option} ${JSON.stringify(text)}: expected one of ${DIALECTS}`);
  }
  return prefixed({
    name: text,
    bytes: Number(bytes),
    endian: words.includes('little') ? 'little' : 'big',
    ...(words.includes('persistent') && { connection: 'persistent' as const }),
  });
}
