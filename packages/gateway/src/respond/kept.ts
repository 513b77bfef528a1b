import { Posture } from '../contract/index.ts'
import type { Stand } from '../posture/ladder.ts'
import type { Block } from './block-book.ts'
import type { BypassState } from './bypass.ts'

/** The document that prevention keeps over a restart: what its file is called, and the version of its format. */
export const KEPT = { kind: 'state', name: 'prevention', version: 1 } as const

/** What is kept. */
export interface Kept {
  readonly blocks: readonly Block[]
  readonly stands: readonly Stand[]
  readonly bypass: BypassState | null
}

/** Reads what was kept; entries that are not whole are left out and counted. */
export function readKept(body: unknown): Kept & { readonly unreadable: number } {
  const { blocks, stands, bypass } = isRecord(body) ? body : {}
  const all = { blocks: listOf(blocks), stands: listOf(stands) }
  const good = { blocks: all.blocks.filter(isBlock), stands: all.stands.filter(isStand) }
  const isOff = bypass === null || bypass === undefined
  const known = isBypass(bypass) ? bypass : null
  const lost = all.blocks.length - good.blocks.length + all.stands.length - good.stands.length
  return { ...good, bypass: known, unreadable: lost + (isOff || known !== null ? 0 : 1) }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const hasTerms = (value: Record<string, unknown>): boolean =>
  ['since', 'until'].every(key => Number.isFinite(value[key])) &&
  ['by', 'reason'].every(key => typeof value[key] === 'string')

const isBlock = (value: unknown): value is Block =>
  isRecord(value) &&
  hasTerms(value) &&
  typeof value.target === 'string' &&
  (value.kind === 'address' || value.kind === 'device') &&
  typeof value.forced === 'boolean'

const isStand = (value: unknown): value is Stand =>
  isRecord(value) &&
  hasTerms(value) &&
  typeof value.device === 'string' &&
  [Posture.watched, Posture.restricted, Posture.quarantined].some(posture => posture === value.posture)

const isBypass = (value: unknown): value is BypassState => isRecord(value) && hasTerms(value)
