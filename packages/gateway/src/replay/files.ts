import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RingwallError } from '../base/error.ts'
import { Flaw } from '../config/problem.ts'
import { readText } from '../config/text.ts'

/** A file's name and text. */
export interface TextFile {
  readonly file: string
  readonly text: string
}

/**
 * Reads files, globs and folders (their files with this ending). Each file once, in the order given. Errors: `file_unusable`,
 * `file_none` for a glob or folder without any.
 * @param skip endings of files that lie among them and are something else
 */
export function readTexts(patterns: readonly string[], ending: string, skip = ''): TextFile[] {
  const files = new Set<string>()
  for (const pattern of patterns) {
    const found = namesOf(pattern, ending).filter(file => skip === '' || !file.endsWith(skip))
    if (found.length === 0) {
      throw new RingwallError('file_none', `${pattern} finds no file`, `Name files that end in ${ending}.`)
    }
    for (const file of found) files.add(file)
  }
  return [...files].map(file => ({ file, text: textOf(file) }))
}

function namesOf(pattern: string, ending: string): string[] {
  if (statSync(pattern, { throwIfNoEntry: false })?.isDirectory())
    return globSync(join(pattern, `*${ending}`)).toSorted()
  return /[*?[{]/.test(pattern) ? globSync(pattern).toSorted() : [pattern]
}

function textOf(file: string): string {
  const text = readText(file)
  if (text instanceof Flaw) throw new RingwallError('file_unusable', text.what, text.hint, { file })
  return text
}
