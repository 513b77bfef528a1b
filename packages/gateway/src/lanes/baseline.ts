import { forgetMoments } from './rhythm-tasks.ts'
import { entryAt, MOST_OWED, OWED_AT_LEAST, RHYTHM_WORDS, RhythmEntry, RhythmHead } from './rhythm-words.ts'

/** The version of a saved baseline; another one is set aside and learned anew. */
const VERSION = 1
/** Characters of a topic's name that are kept, for people to recognize it. */
export const LONGEST_NAME = 256

/** A device's baseline outside of its lane: the words that are used, and what its topics are called. */
export interface Baseline {
  readonly words: Float64Array
  readonly names: ReadonlyMap<number, string>
  /** When it was taken, wall milliseconds since the Unix epoch: since then the device may have gone unheard. */
  readonly taken: number
}

/** Copies a baseline out of a lane. @param names of topics by their keys; those that are in no entry are left out */
export function baselineOf(rhythm: Float64Array, names: ReadonlyMap<number, string>, taken: number): Baseline {
  const used = entryAt(rhythm[RhythmHead.used])
  const words = rhythm.slice(0, used)
  const kept = new Map<number, string>()
  for (let index = 0; index < words[RhythmHead.used]; index++) {
    const key = words[entryAt(index) + RhythmEntry.key]
    const name = names.get(key)
    if (name !== undefined) kept.set(key, name)
  }
  forgetMoments(words)
  return { words, names: kept, taken }
}

/** A baseline as text. @param modes the names of the operating modes, without which its words mean nothing */
export function writeBaseline({ words, names, taken }: Baseline, device: string, modes: readonly string[]): string {
  const bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength)
  return JSON.stringify({ version: VERSION, device, taken, modes, names: [...names], words: bytes.toString('base64') })
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
  return { words, names: new Map(saved.names), taken: saved.taken }
}

/** Allows for what a device could not say while it was not heard for so many milliseconds: so many messages may come at once. */
export function owe(words: Float64Array, unheard: number): void {
  for (let index = 0; index < words[RhythmHead.used]; index++) {
    const at = entryAt(index)
    const mean = words[at + RhythmEntry.mean]
    if (words[at + RhythmEntry.key] === 0 || !(mean > 0)) continue
    words[at + RhythmEntry.early] = -Math.min(MOST_OWED, OWED_AT_LEAST + Math.max(0, unheard) / mean)
  }
}

interface Saved {
  readonly device: string
  readonly taken: number
  readonly modes: readonly string[]
  readonly names: readonly (readonly [number, string])[]
  readonly words: string
}

function isSaved(value: unknown): value is Saved {
  if (typeof value !== 'object' || value === null) return false
  const { version, device, taken, modes, names, words } = value as Record<string, unknown>
  return (
    version === VERSION &&
    typeof device === 'string' &&
    typeof taken === 'number' &&
    typeof words === 'string' &&
    Array.isArray(modes) &&
    modes.every(mode => typeof mode === 'string') &&
    Array.isArray(names) &&
    names.every(pair => Array.isArray(pair) && typeof pair[0] === 'number' && typeof pair[1] === 'string')
  )
}
