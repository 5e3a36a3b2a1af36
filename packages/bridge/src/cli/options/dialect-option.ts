// Dialects on a command line: seed, numpysocket, prefixed:4, prefixed:8:little:persistent.

import { dialects } from '../../dialects/all-dialects.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import type { Value } from './option.ts';

const { prefixed, ...named } = dialects;

export const dialect: Value<Dialect> = {
  word: 'NAME',
  expected: `one of ${Object.keys(named).join(', ')}, prefixed:BYTES[:little][:persistent]`,
  offers: { words: [...Object.keys(named), 'prefixed:'] },
  read(text) {
    const [name, bytes = '', ...words] = text.split(':');
    if (Object.hasOwn(named, text)) return Object.entries(named).find(([each]) => each === text)?.[1];
    const isKnown = words.every((word) => word === 'little' || word === 'big' || word === 'persistent');
    const isOnce = new Set(words.map((word) => (word === 'persistent' ? word : 'endian'))).size === words.length;
    if (name !== 'prefixed' || !/^[1-8]$/.test(bytes) || !isKnown || !isOnce) return undefined;
    return prefixed({
      name: text,
      bytes: Number(bytes),
      endian: words.includes('little') ? 'little' : 'big',
      ...(words.includes('persistent') && { connection: 'persistent' as const }),
    });
  },
};
