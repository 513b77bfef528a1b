/**
 * The layout of a lane's rhythm: what the guard `rhythm` has learned of one device, 16 KiB in memory that all workers share,
 * of which only the pages that are used take room. Leased with the lane; its holder is the only writer. Every word is a float64.
 */
export const RHYTHM_BYTES = 16_384
export const RHYTHM_WORDS = RHYTHM_BYTES / Float64Array.BYTES_PER_ELEMENT

/** The head. */
export const RhythmHead = {
  /** Grows with everything that is learned, so that what has to be saved is found by a compare. */
  revision: 0,
  /** Entries from the first to the last that is or was used. */
  used: 1,
  /** Entries of what the device received. */
  downs: 2,
  /** 1 once a topic that the device said found no room, 2 for one that it received: what is not there may be usual all the same. */
  full: 3,
  /** The slot of the mode of the last publish, and since when (monotonic milliseconds) that has been the mode. */
  mode: 4,
  modeSince: 5,
  /** When the device published last, monotonic milliseconds, and the lease then. */
  last: 6,
  epoch: 7,
} as const

/** Operating modes that are told apart; those beyond share the last. The first is for a mode that is not known. */
export const MODE_SLOTS = 16
const MODES_FIRST = 8
const MODE_WORDS = 8

/** The words of one mode, from `modeAt`. */
export const RhythmMode = {
  /** Connected time, milliseconds, and messages of the learning period so far. */
  learned: 0,
  messages: 1,
  /** When the learning period ended, wall milliseconds; 0 while it lasts. */
  frozen: 2,
  /** The most messages of one minute of `learned`, and the minute on hand: where in `learned` it began, and its messages. */
  busiest: 3,
  minute: 4,
  minuteMessages: 5,
} as const

/** The slot of an operating mode (`Scene.mode`). */
export function modeSlot(mode: number): number {
  return mode < 0 ? 0 : mode >= MODE_SLOTS - 1 ? MODE_SLOTS - 1 : mode + 1
}

export function modeAt(slot: number): number {
  return MODES_FIRST + slot * MODE_WORDS
}

const ENTRIES_FIRST = MODES_FIRST + MODE_SLOTS * MODE_WORDS
export const ENTRY_WORDS = 20
/** Topics by direction and mode; those that the device received take at most half. */
export const ENTRIES = Math.floor((RHYTHM_WORDS - ENTRIES_FIRST) / ENTRY_WORDS)
export const MOST_DOWNS = ENTRIES >> 1

/** The words of one topic in one direction and mode, from `entryAt`. */
export const RhythmEntry = {
  /** 48 bits of the topic's SHA-256, and 1; 0 where the entry is free. */
  key: 0,
  /** The mode's slot twice, and 1 for what the device received. What is received is not told apart by mode. */
  kind: 1,
  messages: 2,
  /** Which QoS (1, 2, 4) and whether retained (16) or not (8). */
  forms: 3,
  leastSize: 4,
  mostSize: 5,
  /** The last message, monotonic milliseconds (0: none since the gateway began), and the lease then. */
  last: 6,
  epoch: 7,
  /** Intervals learned; their mean (milliseconds) and variance, the shortest and the longest. */
  intervals: 8,
  mean: 9,
  variance: 10,
  shortest: 11,
  longest: 12,
  /** Between these nine of ten intervals lie: logarithms to base 2 of milliseconds. */
  low: 13,
  high: 14,
  /** How many messages the topic is ahead of its rhythm (below 0: behind it), and how late lately. */
  early: 15,
  late: 16,
  /** While it learns the most that `early` and `late` have come to, then what they may come to. */
  mostEarly: 17,
  mostLate: 18,
  settled: 19,
} as const

/** What is learned of an entry and no longer changes: its form and sizes, its timing. */
export const Settled = { form: 1, timing: 2 } as const

/** Messages that a device may have to make up for after it was not heard: at most, and after any silence or change of mode. */
export const MOST_OWED = 1_000
export const OWED_AT_LEAST = 16

export function entryAt(index: number): number {
  return ENTRIES_FIRST + index * ENTRY_WORDS
}

export function kindOf(slot: number, isDown: boolean): number {
  return isDown ? 1 : slot * 2
}
