import { createHash } from 'node:crypto'
import { ENTRIES, ENTRY_WORDS, entryAt, MOST_DOWNS, RhythmEntry, RhythmHead } from './rhythm-words.ts'

const { key: KEY, kind: KIND } = RhythmEntry

/** No entry holds the topic. */
export const NOWHERE = -1

/** The key of a topic: nobody finds another topic with the same one by trying for less than years. */
export function topicKey(topic: Uint8Array | string): number {
  return createHash('sha256').update(topic).digest().readUIntBE(0, 6) + 1
}

/** Where a topic's entry begins in a lane's rhythm, or `NOWHERE`. */
export function findEntry(words: Float64Array, key: number, kind: number): number {
  const end = entryAt(words[RhythmHead.used])
  for (let at = entryAt(0); at < end; at += ENTRY_WORDS) {
    if (words[at + KEY] === key && words[at + KIND] === kind) return at
  }
  return NOWHERE
}

/** Whether a device has said a topic, in whatever mode. */
export function hasSaid(words: Float64Array, key: number): boolean {
  const end = entryAt(words[RhythmHead.used])
  for (let at = entryAt(0); at < end; at += ENTRY_WORDS)
    if (words[at + KEY] === key && words[at + KIND] !== 1) return true
  return false
}

/** Bits of `RhythmHead.full`. */
export const FULL_UP = 1
export const FULL_DOWN = 2

/** Gives a topic an entry, empty at first; `NOWHERE` where there is no room, which is noted. */
export function claimEntry(words: Float64Array, key: number, kind: number): number {
  const isDown = kind === 1
  const at = isDown && words[RhythmHead.downs] >= MOST_DOWNS ? NOWHERE : freeEntry(words)
  words[RhythmHead.revision]++
  if (at === NOWHERE) {
    words[RhythmHead.full] |= isDown ? FULL_DOWN : FULL_UP
    return NOWHERE
  }
  words.fill(0, at, at + ENTRY_WORDS)
  words[at + KEY] = key
  words[at + KIND] = kind
  if (isDown) words[RhythmHead.downs]++
  return at
}

/** Frees an entry for another topic. */
export function freeAt(words: Float64Array, at: number): void {
  if (words[at + KIND] === 1) words[RhythmHead.downs]--
  words.fill(0, at, at + ENTRY_WORDS)
  words[RhythmHead.full] = 0
  words[RhythmHead.revision]++
}

function freeEntry(words: Float64Array): number {
  const used = words[RhythmHead.used]
  for (let index = 0; index < used; index++) if (words[entryAt(index) + KEY] === 0) return entryAt(index)
  if (used >= ENTRIES) return NOWHERE
  words[RhythmHead.used] = used + 1
  return entryAt(used)
}
