// Codecs on a command line: npy, npz, npz:frame, pickled, raw:uint8:480,640,3, or one for requests and one for replies, such as
// raw:uint8:480,640,3/npy.
import { type DTypeName, isNpyError } from '@bridge/npy';
import type { Codec, CodecPair } from '../../codecs/codec.ts';
import { npy } from '../../codecs/npy.ts';
import { npz, npzArray } from '../../codecs/npz.ts';
import { pickled } from '../../codecs/pickled.ts';
import { raw } from '../../codecs/raw.ts';
import type { Value } from './option.ts';

const NAMED: Readonly<Record<string, () => Codec>> = { npy: () => npy, npz: () => npz, pickled };

export const codec: Value<CodecPair> = {
  word: 'CODEC',
  expected: `one of ${Object.keys(NAMED).join(', ')}, npz:NAME, raw:DTYPE:LENGTHS, or REQUESTS/REPLIES such as raw:uint8:480,640,3/npy`,
  offers: { words: [...Object.keys(NAMED), 'npz:', 'raw:'] },
  read(text) {
    const codecs = text.split('/').map(codecOf);
    const [request, reply = request] = codecs;
    return request && reply && codecs.length <= 2 ? { request, reply } : undefined;
  },
};

function codecOf(text: string): Codec | undefined {
  if (Object.hasOwn(NAMED, text)) return NAMED[text]?.();
  if (/^npz:./.test(text)) return npzArray({ name: text.slice('npz:'.length) });
  // Without lengths the array has no axes.
  const match = /^raw:([^:]+):((?:\d+|\*)(?:,(?:\d+|\*))*)?$/.exec(text);
  if (!match) return undefined;
  const [, dtype = '', lengths] = match;
  const shape = lengths?.split(',').map((length) => (length === '*' ? null : Number(length))) ?? [];
  try {
    // The cast: `raw` rejects an unknown dtype.
    return raw({ dtype: dtype as DTypeName, shape });
  } catch (error) {
    // A bad dtype on a command line is reported as an invalid option.
    if (isNpyError(error)) return undefined;
    throw error;
  }
}
