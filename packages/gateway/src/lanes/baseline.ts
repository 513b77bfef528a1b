import { forgetMoments } from './rhythm-tasks.ts'
import { entryAt, RHYTHM_WORDS, RhythmEntry, RhythmHead } from './rhythm-words.ts'

/** The version of a saved baseline; another one is set aside and learned anew. */
const VERSION = 1
/** Characters of a topic's name that are kept, for people to recognize it. */
export const LONGEST_NAME = 256

/** A device's baseline outside of its lane: the words that are used, and what its topics are called. */
export interface Baseline {
  readonly words: Float64Array
  readonly names: ReadonlyMap<number, string>
}

/** Copies a baseline out of a lane. @param names of topics by their keys; those that are in no entry are left out */
export function baselineOf(rhythm: Float64Array, names: ReadonlyMap<number, string>): Baseline {
  const used = entryAt(rhythm[RhythmHead.used])
  const words = rhythm.slice(0, used)
  const kept = new Map<number, string>()
  for (let index = 0; index < words[RhythmHead.used]; index++) {
    const key = words[entryAt(index) + RhythmEntry.key]
    const name = names.get(key)
    if (name !== undefined) kept.set(key, name)
  }
  forgetMoments(words)
  return { words, names: kept }
}

/** A baseline as text. @param modes the names of the operating modes, without which its words mean nothing */
export function writeBaseline({ words, names }: Baseline, device: string, modes: readonly string[]): string {
  const bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength)
  return JSON.stringify({ version: VERSION, device, modes, names: [...names], words: bytes.toString('base64') })
}

/** Reads what `writeBaseline` wrote. Throws an `Error` with a sentence where it is something else, or of another device or other modes. */
export function readBaseline(text: string, device: string, modes: readonly string[]): Baseline {
  const saved: unknown = JSON.parse(text)
  if (!isSaved(saved)) throw new Error(`it is no baseline of version ${VERSION}`)
  if (saved.device !== device) throw new Error(`it is of ${saved.device}`)
  if (saved.modes.join() !== modes.join()) throw new Error(`it is of other operating modes (${saved.modes.join(', ')})`)
  const bytes = Buffer.from(saved.words, 'base64')
  const words = new Float64Array(new Uint8Array(bytes).buffer, 0, Math.floor(bytes.length / 8))
  const used = words[RhythmHead.used] ?? -1
  if (bytes.length % 8 !== 0 || words.length > RHYTHM_WORDS || entryAt(used) !== words.length) {
    throw new Error('it has not as many words as entries')
  }
  return { words, names: new Map(saved.names) }
}

interface Saved {
  readonly device: string
  readonly modes: readonly string[]
  readonly names: readonly (readonly [number, string])[]
  readonly words: string
}

function isSaved(value: unknown): value is Saved {
  if (typeof value !== 'object' || value === null) return false
  const { version, device, modes, names, words } = value as Record<string, unknown>
  return (
    version === VERSION &&
    typeof device === 'string' &&
    typeof words === 'string' &&
    Array.isArray(modes) &&
    modes.every(mode => typeof mode === 'string') &&
    Array.isArray(names) &&
    names.every(pair => Array.isArray(pair) && typeof pair[0] === 'number' && typeof pair[1] === 'string')
  )
}
