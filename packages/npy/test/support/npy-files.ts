// Makes .npy files from the text of a header, without padding, for tests of readers.

/** Returns a file whose header is `text`, in latin-1 for versions 1.0 and 2.0 and in UTF-8 for 3.0. */
export function fileWithHeader(text: string, major: 1 | 2 | 3 = 1, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const header = Buffer.from(text, major === 3 ? 'utf8' : 'latin1');
  const length = Buffer.alloc(major === 1 ? 2 : 4);
  length.writeUIntLE(header.length, 0, length.length);
  const prefix = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, major, 0];
  return Uint8Array.from([...prefix, ...length, ...header, ...data]);
}

/** Returns the text of a header, whose parts are given as Python literals. */
export function headerText(parts: { descr?: string; order?: string; shape?: string } = {}): string {
  const { descr = "'<i4'", order = 'False', shape = '(2,)' } = parts;
  return `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
}

/** Returns what `call` throws; fails when it returns. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
