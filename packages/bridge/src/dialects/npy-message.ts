// The framing of .npy messages without a length in front of them: the header of a .npy array says where its data ends.
//   93 4E 55 4D 50 59 … header … \n | data of exactly the size that descr and shape give
import { NpyError, readHeader } from '@bridge/npy/core';
import { type Frame, FrameAssembler, type Framing, untilClose } from '@bridge/transport';

function measure(head: Uint8Array): Frame | undefined {
  const header = readHeader(head);
  if (!header) return undefined;
  if (header.dataBytes === Number.POSITIVE_INFINITY) {
    const message = 'npy: an object array is a pickle, which does not say where it ends';
    throw new NpyError('NPY_OBJECTS', message, { descr: header.descr });
  }
  return { skip: 0, length: header.dataOffset + header.dataBytes };
}

/** Returns the framing of .npy messages that follow one another, with nothing in between, as the replies of `dialects.seed` are. */
export function npyMessage(): Framing {
  return { encode: untilClose().encode, decoder: (limits) => new FrameAssembler(measure, limits) };
}
