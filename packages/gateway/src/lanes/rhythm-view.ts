import {
  ENTRY_WORDS,
  RhythmEntry as Entry,
  entryAt,
  RhythmHead as Head,
  MODE_SLOTS,
  RhythmMode as Mode,
  modeAt,
  Settled,
} from './rhythm-words.ts'

/** One operating mode of a device's baseline. */
export interface ModeView {
  /** Its name, `-` where the mode is not known. */
  readonly mode: string
  /** Connected time of the learning period, milliseconds. */
  readonly learned: number
  readonly messages: number
  /** When the learning period ended, milliseconds since the Unix epoch; null while it lasts. */
  readonly frozen: number | null
  /** Messages of its busiest minute. */
  readonly busiest: number
}

/** One topic of a device's baseline, in one direction and mode. */
export interface TopicView {
  /** Empty where the name was lost. */
  readonly topic: string
  readonly direction: 'up' | 'down'
  readonly mode: string
  /** What is no longer learned: `form` (QoS, retain, sizes), `timing`. */
  readonly settled: readonly ('form' | 'timing')[]
  readonly sizes: readonly [number, number]
  /** As bits: QoS 0, 1 and 2 are 1, 2 and 4; not retained is 8, retained 16. */
  readonly forms: number
  /** Milliseconds; null where nothing was learned yet. Nine of ten lie between `low` and `high`. */
  readonly interval: {
    readonly count: number
    readonly mean: number
    readonly low: number
    readonly high: number
    readonly shortest: number
    readonly longest: number
  } | null
}

/** What a device's baseline holds, for people. */
export interface RhythmView {
  readonly modes: readonly ModeView[]
  readonly topics: readonly TopicView[]
  /** Whether topics found no room, of those that it said or of those that it received: unknown ones are not judged then. */
  readonly full: readonly ('up' | 'down')[]
}

/** What there is of a device's baseline, for a list of all. */
export interface RhythmSummary {
  readonly device: string
  /** Topics that it says or receives, each once. */
  readonly topics: number
  /** The modes whose learning period is over, and those in which it lasts. */
  readonly learned: readonly string[]
  readonly learning: readonly string[]
  readonly full: RhythmView['full']
}

export function summaryOf(device: string, { modes, topics, full }: RhythmView): RhythmSummary {
  const names = (isFrozen: boolean): string[] =>
    modes.filter(({ frozen }) => (frozen !== null) === isFrozen).map(({ mode }) => mode)
  const distinct = new Set(topics.map(({ topic, direction }) => `${direction} ${topic}`)).size
  return { device, topics: distinct, learned: names(true), learning: names(false), full }
}

const WAYS = ['up', 'down'] as const

/** @param nameOf a topic by its key, @param modes the names of the operating modes */
export function viewOf(words: Float64Array, nameOf: (key: number) => string, modes: readonly string[]): RhythmView {
  const nameOfMode = (slot: number): string => (slot === 0 ? '-' : (modes[slot - 1] ?? `${slot - 1}`))
  const seen: ModeView[] = []
  for (let slot = 0; slot < MODE_SLOTS; slot++) {
    const at = modeAt(slot)
    if (words[at + Mode.messages] === 0) continue
    const frozen = words[at + Mode.frozen]
    seen.push({
      mode: nameOfMode(slot),
      learned: Math.round(words[at + Mode.learned]),
      messages: words[at + Mode.messages],
      frozen: frozen === 0 ? null : frozen,
      busiest: words[at + Mode.busiest],
    })
  }
  const topics: TopicView[] = []
  for (let at = entryAt(0); at < entryAt(words[Head.used]); at += ENTRY_WORDS) {
    if (words[at + Entry.key] !== 0) topics.push(topicAt(words, at, nameOf, nameOfMode))
  }
  return { modes: seen, topics, full: WAYS.filter((_, bit) => (words[Head.full] & (1 << bit)) !== 0) }
}

function topicAt(
  words: Float64Array,
  at: number,
  nameOf: (key: number) => string,
  mode: (slot: number) => string,
): TopicView {
  const kind = words[at + Entry.kind]
  const settled = words[at + Entry.settled]
  const count = words[at + Entry.intervals]
  return {
    topic: nameOf(words[at + Entry.key]),
    direction: kind === 1 ? 'down' : 'up',
    mode: kind === 1 ? '-' : mode(kind / 2),
    settled: [
      ...((settled & Settled.form) === 0 ? [] : (['form'] as const)),
      ...((settled & Settled.timing) === 0 ? [] : (['timing'] as const)),
    ],
    sizes: [words[at + Entry.leastSize], words[at + Entry.mostSize]],
    forms: words[at + Entry.forms],
    interval:
      count === 0
        ? null
        : {
            count,
            mean: words[at + Entry.mean],
            low: 2 ** words[at + Entry.low],
            high: 2 ** words[at + Entry.high],
            shortest: words[at + Entry.shortest],
            longest: words[at + Entry.longest],
          },
  }
}
