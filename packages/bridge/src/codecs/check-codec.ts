// Checks codecs that a user passes in.
import { checkOption, type Names, optionsOf } from '../errors/options.ts';
import type { Codec, CodecPair } from './codec.ts';
import { npy } from './npy.ts';

/** A codec for both directions, or one for each. */
export type CodecOption = Codec | CodecPair;

const PAIR: Names<CodecPair> = { request: true, reply: true };

/**
 * Returns the codec of each direction.
 * @param standing the codec if `given` is missing, for example that of a dialect
 * @param oneWay true if there are no replies, whatever the codec is
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkCodecs(
  given: CodecOption | undefined,
  standing: CodecOption = npy,
  oneWay: boolean = false,
): CodecPair {
  const pair = pairOf(given ?? standing);
  return oneWay ? { ...pair, reply: null } : pair;
}

function pairOf(codec: CodecOption): CodecPair {
  checkOption('codec', codec, typeof codec === 'object' && codec !== null, 'a codec, such as codecs.npy');
  if ('carries' in codec) return { request: checkCodec('codec', codec), reply: checkCodec('codec', codec) };
  const { request, reply = null } = optionsOf<CodecPair>('codec', codec, PAIR);
  return {
    request: checkCodec('codec.request', request),
    reply: reply === null ? null : checkCodec('codec.reply', reply),
  };
}

const CARRIES: ReadonlySet<unknown> = new Set<Codec['carries']>(['array', 'named arrays']);

function checkCodec(name: string, codec: Codec | undefined): Codec {
  checkOption(name, codec, typeof codec === 'object' && codec !== null, 'a codec, such as codecs.npy');
  const given = codec as Codec;
  checkOption(`${name}.name`, given.name, typeof given.name === 'string', 'a string');
  checkOption(`${name}.carries`, given.carries, CARRIES.has(given.carries), "'array' or 'named arrays'");
  for (const method of ['encode', 'kindOf', 'decode'] as const) {
    checkOption(`${name}.${method}`, given[method], typeof given[method] === 'function', 'a function');
  }
  return given;
}
