// What bytes are that are no .npy file, by how they start, and what to do with them.
import { latin1 } from '../latin1.ts';
import { quoted } from '../quoted.ts';

const UNPACK = 'decompress it first';
const AS_TEXT = 'a .npy file that was read as text: read it as bytes';

/** The first characters of a file, and what it is. */
const SIGNATURES: readonly (readonly [start: string, what: string])[] = [
  ['PK', 'a zip archive, as .npz files are: take its members out'],
  ['\x1f\x8b', `gzip: ${UNPACK}`],
  ['x\x9c', `zlib: ${UNPACK}`],
  ['BZh', `bzip2: ${UNPACK}`],
  ['\xfd7zXZ', `xz: ${UNPACK}`],
  ['(\xb5/\xfd', `zstd: ${UNPACK}`],
  ['\x04"M\x18', `lz4: ${UNPACK}`],
  ['7z', `7z: ${UNPACK}`],
  ['version https://git-lfs', 'a git-lfs pointer, not the file: git lfs pull'],
  ['\x89HDF', 'HDF5'],
  ['PAR1', 'Parquet'],
  ['ARROW1', 'Arrow'],
  ['MATLAB', 'a MATLAB file'],
  ['CDF', 'NetCDF'],
  ['SIMPLE', 'FITS'],
  ['\x89PNG', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['II*\0', 'a TIFF image'],
  ['MM\0*', 'a TIFF image'],
  ['RIFF', 'WebP, WAV or AVI'],
  ['%PDF', 'a PDF'],
  ['HTTP/', 'an HTTP response with its header'],
  ['k05VTVBZ', 'base64 of a .npy file: decode it first'],
  ['934e554d5059', 'hex of a .npy file: decode it first'],
  ['\xc2\x93NUMPY', AS_TEXT],
];

/** What may as well be in front of an array, as a message of its own. */
const FRONTS: typeof SIGNATURES = [
  ['<', 'HTML or XML, as a server sends where there is no file'],
  ['{', 'JSON'],
  ['[', 'JSON'],
];

/** How many bytes are looked at: as many as a tar file has in front of its signature. */
const LOOKED_AT = 263;

/** What the bytes are; `''` where nobody knows. They are no .npy file. */
export function kindOfBytes(bytes: Uint8Array): string {
  const text = latin1(bytes.subarray(0, LOOKED_AT));
  const start = text.replace(/^(\xef\xbb\xbf)?[ \t\r\n]*/, '');
  // First, since archives may hold arrays as they are.
  const known = startOf(start, SIGNATURES);
  if (known) return known;
  if (text.startsWith('ustar', 257)) return 'a tar archive: take its members out';
  const at = text.indexOf('\x93NUMPY');
  if (at > 0) return `the magic is at byte ${at}: something is in front of the array`;
  if (text.slice(0, 12).includes('NUMPY')) return AS_TEXT;
  const [first, protocol = 0] = bytes;
  if (first === 0x80 && protocol >= 2 && protocol <= 5) return 'a pickle, not saved by np.save';
  const front = startOf(start, FRONTS);
  return front ?? (/^[\x20-\x7e\r\n\t]{6,}$/.test(text) ? `text, ${quoted(text, 40)}` : '');
}

function startOf(text: string, signatures: typeof SIGNATURES): string | undefined {
  return signatures.find(([signature]) => text.startsWith(signature))?.[1];
}
