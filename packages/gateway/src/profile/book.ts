import type { Names } from '@ringwall/wire'
import type { Affordance } from './affordance.ts'
import type { Description } from './description.ts'
import type { SeriesBook } from './series.ts'
import { SparkplugDesk, type SparkplugReader } from './sparkplug.ts'
import type { CommandRule, Invariant, PayloadReader, Rule } from './types.ts'

/** A rule with what judging its payloads takes. */
export interface Entry {
  readonly rule: Rule
  readonly affordance: Affordance
  readonly names: Names
  /** The rule's reader, where it reads Sparkplug B. */
  readonly sparkplug: SparkplugReader | null
}

/** Where no rule fits: the device has a profile, which does not declare the topic, or it has none. */
export type Unruled = 'undeclared' | 'stranger'

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
  readonly sparkplug = new SparkplugDesk()
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
  }) {
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
  down(device: string, topic: string, all: boolean): Entry | null {
    const levels = topic.split('/')
    const command = this.#command(levels)
    if (command?.rule.device === device) return command
    if (!all) return null
    for (const description of this.descriptions) {
      for (const affordance of description.affordances) {
        // An edge node's counts go on with its own messages, not with those that somebody receives.
        if (affordance.metrics !== null) continue
        for (const each of affordance.topics) {
          const subject = each.deviceOf(levels)
          if (subject === null || subject === '' || this.profileOf(subject) !== description) continue
          return this.#entry(description, affordance, subject, levels)
        }
      }
    }
    return null
  }

  #spoken(description: Description, device: string, levels: readonly string[]): Entry | null {
    for (const affordance of description.affordances) {
      if (affordance.kind === 'command') continue
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
          if (device == null || this.profileOf(device) !== description) continue
          return this.#entry(description, affordance, device, levels)
        }
      }
    }
    return null
  }

  #entry(description: Description, affordance: Affordance, device: string, levels: readonly string[]): Entry {
    const { metrics, slots } = affordance
    const topic = metrics === null ? '' : levels.join('/')
    const key = `${device} ${affordance.kind} ${affordance.name} ${topic}`
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      // Anybody may name devices that do not exist on the command topics of a glob.
      if (this.#entries.size >= MOST) this.#entries.clear()
      const sparkplug = metrics === null ? null : this.sparkplug.reader(device, topic, metrics, slots)
      const rule = this.#rule(description, affordance, device, sparkplug ?? affordance.reader)
      entry = { affordance, rule, sparkplug, names: { device: utf8(device), site: this.#site } }
      this.#entries.set(key, entry)
    }
    return entry
  }

  #rule(description: Description, affordance: Affordance, device: string, payload: PayloadReader | null): Rule {
    const { kind, name, criticality, retain, qos, clock, redundancies, continuities } = affordance
    const attached = this.#attached.get(device) ?? []
    return {
      profile: description.id,
      digest: this.#digests.get(description) ?? 0,
      device,
      kind,
      name,
      criticality,
      payload,
      retain,
      qos,
      signals: affordance.signals.map(signal => ({ ...signal, series: this.#numbers.numberOf(device, signal.name) })),
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
