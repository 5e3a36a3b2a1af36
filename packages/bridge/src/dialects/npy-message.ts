// A message that says its own length: the header of a .npy array tells where its data ends.
//   93 4E 55 4D 50 59 … header … \n | data of exactly the size that descr and shape give
import { NpyError, readHeader } from '@bridge/npy/core';
import { type Frame, FrameAssembler, type Framing, untilClose } from '@bridge/transport';

function measure(head: Uint8Array): Frame | undefined {
  const header = readHeader(head);
  if (!header) return undefined;
  if (header.dataBytes === Number.POSITIVE_INFINITY) {
    const message = 'npy: an object array is a pickled Python object, and does not say where it ends';
    throw new NpyError('NPY_OBJECTS', message, { descr: header.descr });
  }
  return { skip: 0, length: header.dataOffset + header.dataBytes };
}

/** .npy messages one behind the other, nothing added: the seed's replies. */
export function npyMessage(): Framing {
  return { encode: untilClose().encode, decoder: (limits) => new FrameAssembler(measure, limits) };
}
