import { type Names, readSparkplugTopic, type SparkplugTopic, type TopicFault } from '@ringwall/wire'
import { DEVICE_ID } from '../config/template.ts'
import type { Affordance } from './affordance.ts'
import type { Description } from './description.ts'
import type { SeriesBook } from './series.ts'
import { SparkplugDesk } from './sparkplug.ts'
import { isSparkplugCommand } from './sparkplug-forms.ts'
import { SparkplugReader } from './sparkplug-reader.ts'
import type { CommandRule, Invariant, PayloadReader, Rule, SeriesType } from './types.ts'

/** A rule with what judging its payloads takes. */
export interface Entry {
  readonly rule: Rule
  readonly affordance: Affordance
  readonly names: Names
  /** The rule's reader, where it reads Sparkplug B, and what the topic says there. */
  readonly sparkplug: SparkplugReader | null
  readonly topic: SparkplugTopic | TopicFault | null
}

/** Where no rule fits: the device has a profile, which does not declare the topic or the command to it, or it has none. */
export type Unruled = 'undeclared' | 'stranger' | 'command'

/** A law of the plant with the rules that it is judged with. */
export interface Attached {
  readonly affordance: Affordance
  readonly invariant: Invariant
}

/** Everything that the profiles say, compiled together. Looking up costs some string work: callers keep the answer with the address. */
export class ProfileBook {
  readonly descriptions: readonly Description[]
  /** Names of the series, by their numbers. */
  readonly series: readonly string[]
  /** The same with their units and states. */
  readonly meanings: readonly string[]
  /** How many values any payload has. */
  readonly slots: number
  readonly sparkplug: SparkplugDesk
  /** The series of the operating mode, null where `profiles.mode` names no state. */
  readonly mode: SeriesType | null
  readonly #site: Uint8Array
  readonly #numbers: SeriesBook
  readonly #exact = new Map<string, Description>()
  readonly #attached: ReadonlyMap<string, readonly Attached[]>
  readonly #digests: ReadonlyMap<Description, number>
  readonly #commands: ReadonlyMap<Affordance, CommandRule>
  readonly #entries = new Map<string, Entry>()

  constructor(parts: {
    readonly site: string
    readonly descriptions: readonly Description[]
    readonly series: SeriesBook
    readonly attached: ReadonlyMap<string, readonly Attached[]>
    readonly digests: ReadonlyMap<Description, number>
    readonly commands: ReadonlyMap<Affordance, CommandRule>
    readonly mode: SeriesType | null
    readonly sparkplug?: SparkplugDesk | undefined
  }) {
    this.sparkplug = parts.sparkplug ?? new SparkplugDesk({ unseen: 'unknown' })
    this.mode = parts.mode
    this.descriptions = parts.descriptions
    this.series = parts.series.names
    this.meanings = parts.series.meanings
    this.slots = Math.max(1, ...parts.descriptions.flatMap(each => each.affordances.map(({ slots }) => slots)))
    this.#site = utf8(parts.site)
    this.#numbers = parts.series
    this.#attached = parts.attached
    this.#digests = parts.digests
    this.#commands = parts.commands
    for (const description of parts.descriptions) {
      for (const glob of description.devices) if (!/[*?]/.test(glob)) this.#exact.set(glob, description)
    }
  }

  /** Whether a device is an edge node of Sparkplug B. */
  isEdgeNode(device: string): boolean {
    return this.profileOf(device)?.affordances.some(({ metrics }) => metrics !== null) ?? false
  }

  /** The profile of a device: one that names it goes before one whose glob covers it. */
  profileOf(device: string): Description | undefined {
    return this.#exact.get(device) ?? this.descriptions.find(({ covers }) => covers(device))
  }

  /** What the profiles say of a device's message (or will) on a topic: its own telemetry and events, and commands to any device. */
  up(speaker: string, topic: string): Entry | Unruled {
    const levels = topic.split('/')
    const own = this.profileOf(speaker)
    const told = own === undefined ? null : this.#spoken(own, speaker, levels)
    return told ?? this.#command(levels) ?? (own === undefined ? 'stranger' : 'undeclared')
  }

  /** What they say of a message to a device: commands to it, and with `all` also what any device has said. */
  down(device: string, topic: string, all: boolean): Entry | Unruled | null {
    const levels = topic.split('/')
    const command = this.#commandTo(device, levels)
    if (command !== null) return command
    if (isSparkplugCommand(levels) && this.isEdgeNode(device)) return 'command'
    if (!all) return null
    for (const description of this.descriptions) {
      for (const affordance of description.affordances) {
        // An edge node's counts go on with its own messages, not with those that somebody receives.
        if (affordance.metrics !== null) continue
        for (const each of affordance.topics) {
          const subject = each.deviceOf(levels)
          if (subject === null || !DEVICE_ID.test(subject) || this.profileOf(subject) !== description) continue
          return this.#entry(description, affordance, subject, levels)
        }
      }
    }
    return null
  }

  #spoken(description: Description, device: string, levels: readonly string[]): Entry | null {
    for (const affordance of description.affordances) {
      if (affordance.kind === 'command') continue
      // A filter over all types of messages declares what the edge node says, not what it is told.
      if (affordance.metrics !== null && isSparkplugCommand(levels)) continue
      for (const topic of affordance.topics) {
        const found = topic.deviceOf(levels)
        if (found === device || found === '') return this.#entry(description, affordance, device, levels)
      }
    }
    return null
  }

  #command(levels: readonly string[]): Entry | null {
    for (const description of this.descriptions) {
      for (const affordance of description.affordances) {
        if (affordance.kind !== 'command') continue
        for (const topic of affordance.topics) {
          const found = topic.deviceOf(levels)
          const device = found === '' ? description.devices[0] : found
          // No device can have an id that is none, and whoever makes ids up fills no memory with them.
          if (device == null || !DEVICE_ID.test(device) || this.profileOf(device) !== description) continue
          return this.#entry(description, affordance, device, levels)
        }
      }
    }
    return null
  }

  #commandTo(device: string, levels: readonly string[]): Entry | null {
    const description = this.profileOf(device)
    for (const affordance of description?.affordances ?? []) {
      if (affordance.kind !== 'command') continue
      for (const topic of affordance.topics) {
        const found = topic.deviceOf(levels)
        if (found === device || found === '') return this.#entry(description!, affordance, device, levels)
      }
    }
    return null
  }

  #entry(description: Description, affordance: Affordance, device: string, levels: readonly string[]): Entry {
    const { metrics, slots } = affordance
    const key = `${device} ${affordance.kind} ${affordance.name}`
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      // Anybody may name devices that do not exist on the command topics of a glob.
      if (this.#entries.size >= MOST) this.#entries.clear()
      const sparkplug = metrics === null ? null : new SparkplugReader(this.sparkplug, device, metrics, slots)
      const rule = this.#rule(description, affordance, device, sparkplug ?? affordance.reader)
      entry = { affordance, rule, sparkplug, topic: null, names: { device: utf8(device), site: this.#site } }
      this.#entries.set(key, entry)
    }
    return metrics === null ? entry : { ...entry, topic: readSparkplugTopic(levels.join('/')) }
  }

  #rule(description: Description, affordance: Affordance, device: string, payload: PayloadReader | null): Rule {
    const { kind, name, criticality, retain, qos, clock, redundancies, continuities } = affordance
    const attached = this.#attached.get(device) ?? []
    return {
      profile: description.id,
      digest: this.#digests.get(description) ?? 0,
      device: whole(device),
      kind,
      name,
      criticality,
      payload,
      retain,
      qos,
      signals: affordance.signals.map(signal => {
        const series = this.#numbers.numberOf(device, signal.name)
        return { ...signal, series, shared: this.#numbers.isShared(series) }
      }),
      clock,
      redundancies,
      continuities,
      command: this.#commands.get(affordance) ?? null,
      invariants: attached.filter(each => each.affordance === affordance).map(({ invariant }) => invariant),
    }
  }
}

const MOST = 16_384
const encoder = new TextEncoder()
const utf8 = (text: string): Uint8Array => encoder.encode(text)
/** A text of its own: a part of a topic would keep the whole topic in memory. */
const whole = (text: string): string => Buffer.from(text).toString()
