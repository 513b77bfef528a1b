import { filterMatches, isTopicFault, readSparkplugTopic, type SparkplugTopic } from '@ringwall/wire'
import { RingwallError } from '../../base/error.ts'
import { draft, SPARKPLUG, type TypedTopic } from './draft.ts'
import type { RecordedMessage } from './records.ts'
import { TopicStatistics } from './topics.ts'
import { Values } from './values.ts'

export interface LearnOptions {
  /** Where site and device stand in a topic: `${site}/${device}/#`. */
  readonly topics: string
  /** Topics that carry commands to a device, as filters. */
  readonly commands: readonly string[]
}

/** Device topics of which statistics are kept; a recording of more is of no use to draft from. */
const MOST_TOPICS = 20_000

/** Drafts of profiles by type of device, and what stood in the way. */
export interface Learned {
  readonly profiles: ReadonlyMap<string, object>
  readonly types: ReadonlyMap<string, readonly TypedTopic[]>
  readonly messages: number
  /** Messages on topics that the template does not cover. */
  readonly elsewhere: number
}

/** Takes in recorded messages one by one and drafts a profile for each type of device that spoke. */
export class Learner {
  readonly #levels: readonly string[]
  readonly #options: LearnOptions
  readonly #topics = new Map<string, TopicStatistics>()
  #messages = 0
  #elsewhere = 0

  /** Error: `learn_topics` where the template does not say which level is the device. */
  constructor(options: LearnOptions) {
    this.#options = options
    this.#levels = options.topics.split('/')
    if (!this.#levels.includes('${device}') || this.#levels.at(-1) !== '#') {
      const what = `${options.topics} does not say where the device's id stands`
      throw new RingwallError('learn_topics', what, 'Write it as ${site}/${device}/#.')
    }
  }

  add(message: RecordedMessage): void {
    this.#messages++
    const placed = this.#place(message.topic)
    if (placed === null) {
      this.#elsewhere++
      return
    }
    const key = placed.leaf.startsWith(SPARKPLUG) ? `${placed.device} ${placed.leaf}` : message.topic
    let statistics = this.#topics.get(key)
    if (statistics === undefined) {
      if (this.#topics.size >= MOST_TOPICS) {
        const what = `more than ${MOST_TOPICS} topics`
        throw new RingwallError('learn_topics', what, 'Record the topics of some devices only.')
      }
      statistics = new TopicStatistics(placed.device, placed.leaf)
      this.#topics.set(key, statistics)
    }
    statistics.add(message, placed.site)
  }

  finish(): Learned {
    const byType = Map.groupBy(this.#topics.entries(), ([, { device }]) => typeOf(device))
    const types = new Map<string, TypedTopic[]>()
    const profiles = new Map<string, object>()
    for (const [type, entries] of byType) {
      const byLeaf = Map.groupBy(entries, ([, { leaf }]) => leaf)
      const topics = [...byLeaf].map(([leaf, each]) => this.#join(leaf, each))
      const devices = [...new Set(entries.map(([, { device }]) => device))].sort()
      const globs = devices.length === 1 ? devices : [`${type}-*`]
      const covered = devices.length === 1 || devices.every(device => device.startsWith(`${type}-`))
      types.set(type, topics)
      profiles.set(type, draft(type, covered ? globs : devices, topics, this.#levels.slice(0, -1).join('/')))
    }
    return { profiles, types, messages: this.#messages, elsewhere: this.#elsewhere }
  }

  #join(leaf: string, entries: readonly [string, TopicStatistics][]): TypedTopic {
    const values = new Values()
    for (const [, statistics] of entries) values.join(statistics.values)
    const command = entries.some(([topic]) => this.#options.commands.some(filter => filterMatches(filter, topic)))
    return { leaf, command, statistics: entries.map(([, each]) => each), values }
  }

  #place(topic: string): { site: string; device: string; leaf: string } | null {
    const levels = topic.split('/')
    // An edge node's topics are named by its standard, whatever the site's own are.
    const node = readSparkplugTopic(topic)
    if (!isTopicFault(node)) return node.type === 'STATE' || node.command ? null : sparkplugPlace(node)
    const template = this.#levels
    if (levels.length < template.length) return null
    let site = ''
    let device = ''
    for (const [index, expected] of template.slice(0, -1).entries()) {
      const level = levels[index]!
      if (expected === '${site}') site = level
      else if (expected === '${device}') device = level
      else if (expected !== '+' && expected !== level) return null
    }
    return { site, device, leaf: levels.slice(template.length - 1).join('/') }
  }
}

/** All messages of an edge node itself are one topic here, and all about one of its devices. */
function sparkplugPlace({ group, node, device }: SparkplugTopic): { site: string; device: string; leaf: string } {
  return {
    site: group,
    device: node,
    leaf: `${SPARKPLUG}${group}/+/\${device}${device === null ? '' : '/'}${device ?? ''}`,
  }
}

/** `level-1` and `level-2` are of the type `level`. */
function typeOf(device: string): string {
  return device.replace(/[-_.]?\d+$/, '') || device
}
