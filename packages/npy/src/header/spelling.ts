// What is the same in the text of every header that NumPy writes, as bytes, which are read and written faster than strings:
//   {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }

/** In front of the descr. */
export const OPEN: Uint8Array = ascii("{'descr': ");
/** Between the descr and the sizes, in Fortran order and in C order. */
export const FORTRAN: Uint8Array = ascii(", 'fortran_order': True, 'shape': (");
export const C: Uint8Array = ascii(", 'fortran_order': False, 'shape': (");
/** Between two sizes. A single one has a comma behind it. */
export const BETWEEN: Uint8Array = ascii(', ');
export const SINGLE: Uint8Array = ascii(',');
/** Behind the sizes. */
export const CLOSE: Uint8Array = ascii('), }');

export const NEWLINE = 0x0a;
export const SPACE = 0x20;
export const ZERO = 0x30;

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
