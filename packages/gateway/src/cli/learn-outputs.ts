import { accessSync, constants, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { RingwallError, systemCode } from '../base/error.ts'
import { onceEach } from './learn-beside.ts'

/** Files by the options that name them; what was not said is left out. */
export type Named = Readonly<Record<string, string | undefined>>

/**
 * Makes sure, before any work, that all outputs of a verb can be written: no two are one file, none is read, and each has a folder that takes it. `-` is standard output.
 * Errors: `usage`, `file_unusable`.
 */
export function checkOutputs(outputs: Named, inputs: readonly (string | undefined)[] = []): void {
  onceEach(Object.values(outputs), 'output')
  const read = new Set(inputs.map(file => (file === undefined || file === '-' ? undefined : inodeOf(file))))
  const written = new Map<string, string>()
  for (const [option, file] of Object.entries(outputs)) {
    if (file === undefined || file === '-') continue
    const { target, isReplaced } = checked(file)
    const former = written.get(target)
    if (isReplaced && former !== undefined)
      throw new RingwallError('usage', `${former} and ${option} are one file, ${file}`, 'Name two files.')
    written.set(target, option)
    const inode = inodeOf(file)
    if (inode !== undefined && read.has(inode))
      throw new RingwallError('file_unusable', 'it is read, and would be lost', 'Name another file to write to.', {
        file,
      })
  }
}

/** Where a file is written, and whether something else takes its place: what is no file (a pipe, a device) is only written to. */
function checked(file: string): { target: string; isReplaced: boolean } {
  try {
    const there = statSync(file, { throwIfNoEntry: false })
    if (there?.isDirectory() === true) throw unwritable(file, 'EISDIR')
    const target = targetOf(file, there)
    const isReplaced = there === undefined || there.isFile()
    accessSync(isReplaced ? dirname(target) : target, constants.W_OK)
    return { target, isReplaced }
  } catch (error) {
    const code = systemCode(error)
    throw code === '' || error instanceof RingwallError ? error : unwritable(file, code, error)
  }
}

const MOST_LINKS = 40

/** The file itself, behind links, whether it is there or not. Error: of the system, where its folder is not there or links go in a circle. */
export function targetOf(file: string, there: Stats | undefined): string {
  if (there !== undefined) return realpathSync(file)
  let target = resolve(file)
  for (let links = 0; links < MOST_LINKS; links++) {
    // As the system has it: `..` in a link is the folder above the one where the link really lies.
    const folder = realpathSync(dirname(target))
    target = join(folder, basename(target))
    const next = linkOf(target)
    if (next === undefined) return target
    target = resolve(folder, next)
  }
  throw Object.assign(new Error('links go in a circle'), { code: 'ELOOP' })
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file)
  } catch (error) {
    if (['EINVAL', 'ENOENT'].includes(systemCode(error))) return undefined
    throw error
  }
}

/** What a regular file is, whatever name it has; undefined where there is none. */
export function inodeOf(file: string): string | undefined {
  try {
    const found = statSync(file, { throwIfNoEntry: false })
    return found?.isFile() === true ? `${found.dev}:${found.ino}` : undefined
  } catch (error) {
    // Whoever reads or writes it says so.
    if (systemCode(error) === '') throw error
    return undefined
  }
}

/** A file that cannot be written, with what to do by the system's code. */
export function unwritable(file: string, code: string, cause?: unknown): RingwallError {
  return new RingwallError('file_unusable', `it cannot be written (${code})`, hintOf(code), { file }, cause)
}

function hintOf(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'Its folder is not there: make that first, or name another file.'
    case 'EISDIR':
    case 'ENOTDIR':
      return 'Name a file in a folder, not a folder.'
    case 'ELOOP':
      return 'It is a link that leads to itself: name another file.'
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'There is no room: name a file on a disk that has some.'
    default:
      return 'Name a file in a folder that may be written to.'
  }
}
