import { join } from 'node:path'
import { PRUNED_FILE } from './prune.ts'
import { CHECKPOINT_FILE, readIfThere } from './read.ts'
import { journalsIn } from './walk.ts'

/** What changes when a writer publishes or prunes: what was found wrong in a folder before that may be so no longer. */
export function stateOf(folder: string): string {
  const text = (name: string): string => Buffer.from(readIfThere(join(folder, name)) ?? []).toString('latin1')
  return `${journalsIn(folder)} ${text(PRUNED_FILE)} ${text(CHECKPOINT_FILE)}`
}
