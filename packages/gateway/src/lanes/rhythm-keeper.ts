import { type Clock, systemClock } from '../base/clock.ts'
import { RingwallError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { FolderStore } from '../store/folder-store.ts'
import { type Baseline, baselineOf, LONGEST_NAME, owe, readBaseline, writeBaseline } from './baseline.ts'
import { topicKey } from './rhythm-places.ts'
import { applyTask, type RhythmTask } from './rhythm-tasks.ts'
import { type RhythmSummary, type RhythmView, summaryOf, viewOf } from './rhythm-view.ts'
import { RHYTHM_WORDS, RhythmHead } from './rhythm-words.ts'
import type { LaneTable } from './table.ts'

/** A topic that has got an entry in a lane's rhythm. */
export interface NamedTopic {
  readonly lane: number
  readonly key: number
  readonly topic: string
}

/** What the main thread knows of a device: the lane that it has, or the baseline that waits for one. */
interface Known {
  lane: number
  aside: Baseline | null
  /** The revision that the store has. */
  saved: number
  names: ReadonlyMap<number, string>
}

/** What most devices share until they speak. */
const NO_NAMES: ReadonlyMap<number, string> = new Map()

/** Files that are written at once: a disk takes several in the time of one. */
const AT_ONCE = 16

/**
 * Keeps baselines over restarts and over the change of lanes, in the main thread: loads them at the start, gives each to its
 * device's lane, and saves what has changed. Lanes are read while their workers write, word by word: a baseline may so be saved
 * between two messages' worth of learning, which the next saving mends. Bounded by the devices that have lanes.
 */
export class RhythmKeeper {
  #modes: readonly string[]
  readonly #table: LaneTable
  readonly #store: FolderStore | null
  readonly #log: Log
  readonly #clock: Clock
  readonly #devices = new Map<string, Known>()
  readonly #byLane = new Map<number, Known>()
  #saving: Promise<void> = Promise.resolve()
  #hasFailed = false

  /** @param store null where nothing survives, @param modes the names of the operating modes */
  constructor(
    table: LaneTable,
    store: FolderStore | null,
    modes: readonly string[],
    log: Log,
    clock: Clock = systemClock,
  ) {
    this.#clock = clock
    this.#table = table
    this.#store = store
    this.#modes = modes
    this.#log = log
  }

  /** Reads the store. A folder that cannot be read is told, and everything is learned anew. */
  async load(): Promise<void> {
    if (this.#store === null) return
    try {
      const read = (device: string, text: string): Baseline => readBaseline(text, device, this.#modes)
      const { kept, broken } = await this.#store.load(read, this.#table.capacity)
      for (const { path, why } of broken)
        this.#log.warn({ code: 'baseline_broken', path, why }, 'a baseline is set aside')
      for (const [device, aside] of kept) {
        const names = new Map(aside.names)
        this.#devices.set(device, { lane: -1, aside, saved: aside.words[RhythmHead.revision], names })
      }
    } catch (error) {
      this.#log.error({ code: 'baselines_unread', folder: this.#store.folder, error }, 'baselines cannot be read')
    }
  }

  /** A device has got a lane: its baseline goes there. */
  assigned(device: string, lane: number): void {
    const known = this.#devices.get(device) ?? { lane, aside: null, saved: 0, names: NO_NAMES }
    known.lane = lane
    if (known.aside !== null) {
      const { words, taken } = known.aside
      owe(words, this.#clock.wall() - taken)
      this.#table.rhythm(lane).set(words)
    }
    known.aside = null
    this.#devices.set(device, known)
    this.#byLane.set(lane, known)
  }

  /** A lane is given to another device: what was learned waits until its own is back. */
  evicted(device: string, lane: number): void {
    const known = this.#devices.get(device)
    if (known === undefined) return
    known.aside = baselineOf(this.#table.rhythm(lane), known.names, this.#clock.wall())
    known.lane = -1
    this.#byLane.delete(lane)
    // The device that has been away for longest goes, where there are twice as many as lanes.
    if (this.#devices.size <= 2 * this.#table.capacity) return
    for (const [name, { lane: held }] of this.#devices) if (held === -1) return void this.#devices.delete(name)
  }

  /** Takes note of what topics are called. */
  name(topics: readonly NamedTopic[]): void {
    for (const { lane, key, topic } of topics) {
      const known = this.#byLane.get(lane)
      if (known !== undefined) nameTopic(known, key, topic)
    }
  }

  /** Takes on the names of the operating modes. Where they are others, what was learned by the former means nothing: it is forgotten. */
  rename(modes: readonly string[], decide: (device: string, task: RhythmTask) => void): void {
    if (modes.join() === this.#modes.join()) return
    this.#modes = modes
    this.#log.warn({ code: 'baselines_forgotten', modes }, 'the operating modes have changed: rhythm is learned anew')
    for (const device of this.#devices.keys()) decide(device, { kind: 'forget', key: null })
  }

  /** Saves what has changed since it was saved last; one at a time, and never throws. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#saveAll())
    return this.#saving
  }

  /** All devices of which something was learned. */
  list(): RhythmSummary[] {
    return [...this.#devices.keys()].toSorted().map(device => summaryOf(device, this.view(device)))
  }

  /** Errors: `rhythm_unknown`. */
  view(device: string): RhythmView {
    const known = this.#find(device)
    return viewOf(this.#words(known), key => known.names.get(key) ?? '', this.#modes)
  }

  /**
   * What a person's decision comes to, as a task for whoever holds the device's lane, and the name of the topic. Errors:
   * `rhythm_unknown`.
   */
  task(kind: RhythmTask['kind'], device: string, topic: string | null): RhythmTask {
    const known = this.#find(device)
    if (topic === null) return { kind, key: null }
    const key = topicKey(topic)
    if (kind === 'accept') nameTopic(known, key, topic)
    return { kind, key }
  }

  /** Carries out a task while nobody holds the device's lane. */
  apply(device: string, task: RhythmTask): void {
    const known = this.#find(device)
    if (known.lane !== -1) return applyTask(this.#table.rhythm(known.lane), task)
    const words = new Float64Array(RHYTHM_WORDS)
    words.set(this.#words(known))
    applyTask(words, task)
    known.aside = baselineOf(words, known.names, known.aside?.taken ?? this.#clock.wall())
  }

  #find(device: string): Known {
    const known = this.#devices.get(device)
    if (known !== undefined) return known
    throw new RingwallError(
      'rhythm_unknown',
      `nothing was learned of ${device}`,
      'ringwall rhythm list names the devices that something was learned of.',
    )
  }

  #words({ lane, aside }: Known): Float64Array {
    return lane === -1 ? (aside?.words ?? new Float64Array(RHYTHM_WORDS)) : this.#table.rhythm(lane)
  }

  async #saveAll(): Promise<void> {
    const store = this.#store
    if (store === null) return
    const changed = [...this.#devices].filter(([, known]) => this.#words(known)[RhythmHead.revision] !== known.saved)
    const failed: { device: string; error: unknown }[] = []
    for (let i = 0; i < changed.length; i += AT_ONCE) {
      const saving = changed.slice(i, i + AT_ONCE).map(async ([device, known]) => {
        // One file that cannot be written must not keep the others from it.
        await this.#saveOne(store, device, known).catch(error => failed.push({ device, error }))
      })
      await Promise.all(saving)
    }
    const [first] = failed
    if (first !== undefined && !this.#hasFailed) {
      const { device, error } = first
      const what = { code: 'baseline_unsaved', devices: failed.length, device, error }
      this.#log.error(what, 'baselines cannot be saved')
    }
    this.#hasFailed = first !== undefined
  }

  async #saveOne(store: FolderStore, device: string, known: Known): Promise<void> {
    const baseline = known.aside ?? baselineOf(this.#words(known), known.names, this.#clock.wall())
    await store.put(device, writeBaseline(baseline, device, this.#modes))
    known.saved = baseline.words[RhythmHead.revision]
  }
}

function nameTopic(known: Known, key: number, topic: string): void {
  const names = known.names === NO_NAMES ? new Map() : (known.names as Map<number, string>)
  names.set(key, topic.slice(0, LONGEST_NAME))
  known.names = names
}
