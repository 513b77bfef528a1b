import { claimEntry, findEntry, freeAt, NOWHERE } from './rhythm-places.ts'
import {
  ENTRY_WORDS,
  RhythmEntry as Entry,
  entryAt,
  RhythmHead as Head,
  kindOf,
  MODE_SLOTS,
  RhythmMode as Mode,
  modeAt,
  Settled,
} from './rhythm-words.ts'

/**
 * What a person decides about a device's baseline. `accept`: the device may be as it is now; it learns anew, and the topics that it
 * had stay known. With a topic only that one is learned anew, or becomes known. `forget`: all is gone, or that topic.
 */
export interface RhythmTask {
  readonly kind: 'accept' | 'forget'
  /** The topic's key; null for all of the device. */
  readonly key: number | null
}

/** Carries a task out. To be called by the holder of the lane, or by the main thread while nobody holds it. */
export function applyTask(words: Float64Array, { kind, key }: RhythmTask): void {
  words[Head.revision]++
  if (key === null) return kind === 'accept' ? reopenAll(words) : forgetAll(words)
  for (let at = entryAt(0); at < entryAt(words[Head.used]); at += ENTRY_WORDS) {
    if (words[at + Entry.key] !== key) continue
    if (kind === 'forget') freeAt(words, at)
    else reopen(words, at)
  }
  if (kind === 'forget') return
  for (let slot = 0; slot < MODE_SLOTS; slot++) {
    const isFrozen = words[modeAt(slot) + Mode.frozen] !== 0
    const known = kindOf(slot, false)
    if (isFrozen && findEntry(words, key, known) === NOWHERE) claimEntry(words, key, known)
  }
}

function reopenAll(words: Float64Array): void {
  words.fill(0, modeAt(0), modeAt(MODE_SLOTS))
  for (let at = entryAt(0); at < entryAt(words[Head.used]); at += ENTRY_WORDS) reopen(words, at)
}

function forgetAll(words: Float64Array): void {
  words.fill(0, Head.revision + 1)
}

/** Lets an entry begin to learn: only what it is called stays. */
function reopen(words: Float64Array, at: number): void {
  words.fill(0, at + Entry.messages, at + ENTRY_WORDS)
}

/** What means nothing to another life of the gateway: its monotonic times and leases, and how far topics were ahead. */
export function forgetMoments(words: Float64Array): void {
  for (const word of [Head.mode, Head.modeSince, Head.last, Head.epoch]) words[word] = 0
  for (let at = entryAt(0); at < entryAt(words[Head.used]); at += ENTRY_WORDS) {
    for (const word of [Entry.last, Entry.epoch, Entry.early, Entry.late]) words[at + word] = 0
    if ((words[at + Entry.settled] & Settled.timing) === 0) {
      words[at + Entry.mostEarly] = 0
      words[at + Entry.mostLate] = 0
    }
  }
}
