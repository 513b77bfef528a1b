import { shortName } from '../names.ts'
import type { Marks } from './marks.ts'

/** What a topic looks like, whatever it says. */
export interface TopicShape {
  /** Levels. */
  readonly depth: number
  /** UTF-16 units. */
  readonly length: number
  /** Shannon's entropy of its UTF-16 units, in bits. */
  readonly entropy: number
  /** It holds a wildcard: a filter may. */
  readonly wild: boolean
  /** No machine names its topics so: a way out of a folder, empty levels in a row, the broker's own names, signs that cannot be read. */
  readonly odd: boolean
  /** Differs where topics differ (`Marks`). */
  readonly mark: number
}

/** Shapes that are remembered: most topics are said again and again. 5 MB where all are as long as names may be. */
const MOST = 4_096

/** Shapes of topics, each worked out once as long as it is remembered. */
export class TopicShapes {
  readonly #known = new Map<string, TopicShape>()
  readonly #marks: Marks

  constructor(marks: Marks) {
    this.#marks = marks
  }

  of(name: string): TopicShape {
    const topic = shortName(name)
    let shape = this.#known.get(topic)
    if (shape === undefined) {
      if (this.#known.size >= MOST) this.#known.clear()
      shape = { ...shapeOf(topic), mark: this.#marks.of(topic) }
      this.#known.set(topic, shape)
    }
    return shape
  }
}

function shapeOf(topic: string): Omit<TopicShape, 'mark'> {
  const counts = new Map<number, number>()
  let depth = topic === '' ? 0 : 1
  for (let at = 0; at < topic.length; at++) {
    const unit = topic.charCodeAt(at)
    if (unit === SLASH) depth++
    counts.set(unit, (counts.get(unit) ?? 0) + 1)
  }
  let entropy = 0
  for (const count of counts.values()) entropy -= (count / topic.length) * Math.log2(count / topic.length)
  const wild = counts.has(PLUS) || counts.has(HASH)
  return { depth, length: topic.length, entropy, wild, odd: ODD.test(topic) }
}

/** Clouds have topics of their own that begin with a dollar: those are many machines' daily ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const ODD = /(?:^|\/)\.\.(?:\/|$)|\/\/|^\$(?!aws\/|iothub\/|dps\/|share\/)|[\x00-\x1f\x7f-\x9f\ufffd]/
const SLASH = 0x2f
const PLUS = 0x2b
const HASH = 0x23
