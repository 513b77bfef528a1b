import { issueAll } from '../base/certificates.ts'
import type { Bench } from './bench.ts'
import { handshakes } from './connections-handshakes.ts'
import { memory } from './connections-memory.ts'

/** What a connection costs: to make, in CPU, and to keep, in memory. */
export const connections: Bench = async function* (setting) {
  const { only, quick } = setting.options
  issueAll(setting.folder, quick ? 200 : 3000)
  if (only === undefined || only === 'memory') yield* memory(setting)
  if (only === undefined || only === 'handshakes') yield* handshakes(setting)
}
