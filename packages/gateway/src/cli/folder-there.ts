import { statSync } from 'node:fs'
import { RingwallError } from '../base/error.ts'

/** The folder of segments that somebody has named. Errors: `file_unusable` where it is none. */
export function folderThere(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path
  throw new RingwallError('file_unusable', `${path} is no folder`, 'Name the folder of the segments.', { file: path })
}
