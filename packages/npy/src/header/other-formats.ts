// Describes bytes that are not a .npy file: the format that their first bytes show, and how to get an array from them.
import { latin1 } from '../text/latin1.ts';
import { quoted } from '../text/quoted.ts';

const AS_TEXT = 'a .npy file that was read as text: read it as bytes';

type Signatures = readonly (readonly [start: string, what: string])[];

/** The first characters of files of other formats. */
const SIGNATURES: Signatures = [
  ['PK', 'a zip archive, as .npz files are: decodeNpz reads it'],
  ['\x1f\x8b', 'gzip: decompress it first'],
  ['x\x9c', 'zlib: decompress it first'],
  ['BZh', 'bzip2: decompress it first'],
  ['\xfd7zXZ', 'xz: decompress it first'],
  ['(\xb5/\xfd', 'zstd: decompress it first'],
  ['\x04"M\x18', 'lz4: decompress it first'],
  ['7z', '7z: decompress it first'],
  ['version https://git-lfs', 'a git-lfs pointer: run `git lfs pull`'],
  ['\x89HDF', 'HDF5'],
  ['PAR1', 'Parquet'],
  ['ARROW1', 'Arrow'],
  ['MATLAB', 'MATLAB'],
  ['CDF', 'NetCDF'],
  ['SIMPLE', 'FITS'],
  ['\x89PNG', 'PNG'],
  ['\xff\xd8\xff', 'JPEG'],
  ['GIF8', 'GIF'],
  ['II*\0', 'TIFF'],
  ['MM\0*', 'TIFF'],
  ['RIFF', 'WebP, WAV or AVI'],
  ['%PDF', 'PDF'],
  ['HTTP/', 'HTTP'],
  ['k05VTVBZ', 'base64: decode it first'],
  ['934e554d5059', 'hex: decode it first'],
  ['\xc2\x93NUMPY', AS_TEXT],
];

/** Formats that the first character alone suggests. They are looked up last, after a search for an array behind other bytes. */
const TEXT_FORMATS: Signatures = [
  ['<', 'HTML or XML'],
  ['{', 'JSON'],
  ['[', 'JSON'],
];

/** The number of bytes that are examined. A tar file has its signature at byte 257. */
const EXAMINED_BYTES = 263;

/** Returns a description of bytes that are not a .npy file; `''` if they are of no known format. */
export function kindOfBytes(bytes: Uint8Array): string {
  const text = latin1(bytes.subarray(0, EXAMINED_BYTES));
  const start = text.replace(/^(\xef\xbb\xbf)?[ \t\r\n]*/, '');
  // Signatures are looked up before the bytes are searched for a .npy file, since an archive may contain one.
  const known = lookUp(start, SIGNATURES);
  if (known) return known;
  if (text.startsWith('ustar', 257)) return 'a tar archive: take its members out';
  const at = text.indexOf('\x93NUMPY');
  if (at > 0) return `the magic is at byte ${at}: something is in front of the array`;
  if (text.slice(0, 12).includes('NUMPY')) return AS_TEXT;
  const [first, protocol = 0] = bytes;
  if (first === 0x80 && protocol >= 2 && protocol <= 5) return 'a pickle: decodePickle reads it';
  const format = lookUp(start, TEXT_FORMATS);
  return format ?? (/^[\x20-\x7e\r\n\t]{6,}$/.test(text) ? `text, ${quoted(text, 40)}` : '');
}

function lookUp(text: string, signatures: Signatures): string | undefined {
  return signatures.find(([signature]) => text.startsWith(signature))?.[1];
}
