import { startsWith } from './bytes.ts'

/** What begins with these bytes is no text, what it is, and how it becomes one. */
const FORMATS: readonly (readonly [bytes: readonly number[], what: string, todo: string])[] = [
  [[0x1f, 0x8b], 'a gzip file', 'unpack it (gzip -d)'],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive, as an .xlsx is one too', 'unpack it, or save the sheet as CSV'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel file', 'save the sheet as CSV'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file', 'write it as CSV'],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], 'an Arrow file', 'write it as CSV'],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 file', 'write its table as CSV'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66], 'a SQLite database', 'write its table as CSV'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a Zstandard file', 'unpack it (zstd -d)'],
  [[0x42, 0x5a, 0x68], 'a bzip2 file', 'unpack it (bzip2 -d)'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'an xz file', 'unpack it (xz -d)'],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 'a PDF', 'ask for the table as CSV'],
  [[0xff, 0xfe, 0x00, 0x00], 'UTF-32', 'save it as UTF-8'],
  [[0x00, 0x00, 0xfe, 0xff], 'UTF-32', 'save it as UTF-8'],
]

/** As many bytes tell each of them. */
export const FORMAT_BYTES = Math.max(...FORMATS.map(([bytes]) => bytes.length))

/** What a file is that is no CSV, by its first bytes, with what to do; null where it may be one. */
export function foreignFormat(bytes: Uint8Array): string | null {
  const found = FORMATS.find(([sign]) => startsWith(bytes, sign))
  return found === undefined ? null : `expected a CSV, found ${found[1]}: ${found[2]}`
}
