import { existsSync, globSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { STDIN } from '../config/text.ts'

/** The folder of rules that comes with Ringwall, as a list; an empty one where it is not there. */
export function shipped(folder: string, ending: string): string[] {
  const path = fileURLToPath(new URL(`../../../../${folder}`, import.meta.url))
  return existsSync(path) && readdirSync(path).some(name => name.endsWith(ending)) ? [path] : []
}

/** Files and globs with standard input for `-`. */
export const withInput = (named: readonly string[]): string[] => named.map(file => (file === '-' ? STDIN : file))

/**
 * The files and globs that a verb is to read: those that are named, with `-` for standard input, else those of `folder` below the
 * working directory, else those that come with Ringwall.
 */
export function namedFiles(named: readonly string[], folder: string, ending: string): string[] {
  if (named.length > 0) return withInput(named)
  const here = `${folder}/*${ending}`
  if (globSync(here).length > 0) return [here]
  const files = shipped(folder, ending).flatMap(path => readdirSync(path).map(name => join(path, name)))
  return files.length === 0
    ? [here]
    : files.filter(name => name.endsWith(ending) && !name.endsWith(`.test${ending}`)).toSorted()
}
