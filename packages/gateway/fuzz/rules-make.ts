import type { Random } from '../../wire/fuzz/random.ts'

/** A condition of a made rule, as the reference reads it. */
export interface MadeStep {
  readonly text: string
  readonly nocase: boolean
  readonly negated: boolean
  readonly startswith: boolean
  readonly endswith: boolean
  readonly offset?: number
  readonly depth?: number
  readonly distance?: number
  readonly within?: number
}

export interface MadeRule {
  readonly sid: number
  readonly chains: readonly { readonly keyword: string; readonly steps: readonly MadeStep[] }[]
  readonly line: string
}

// Few different letters, so that contents are met often.
const LETTERS = 'aAbB/'
export const KEYWORDS = [
  'mqtt.publish.topic',
  'mqtt.publish.message',
  'mqtt.subscribe.topic',
  'mqtt.connect.clientid',
  'mqtt.connect.willmessage',
] as const

export function word(random: Random, least: number, most: number): string {
  return Array.from(
    { length: least + random.below(most - least + 1) },
    () => LETTERS[random.below(LETTERS.length)],
  ).join('')
}

/** Makes a rule of one or two chains of contents. */
export function makeRule(sid: number, random: Random): MadeRule {
  const first = random.pick(KEYWORDS)
  const keywords =
    first.startsWith('mqtt.publish') && random.below(3) === 0 ? [first, random.pick(KEYWORDS.slice(0, 2))] : [first]
  const chains = keywords.map(keyword => ({
    keyword,
    steps: Array.from({ length: 1 + random.below(3) }, () => makeStep(random)),
  }))
  const options = chains.map(({ keyword, steps }) => `${keyword}; ${steps.map(written).join(' ')}`)
  return { sid, chains, line: `alert mqtt any any -> any any (${options.join(' ')} sid:${sid};)` }
}

function makeStep(random: Random): MadeStep {
  const text = word(random, 1, random.below(3) === 0 ? 6 : 3)
  const plain = {
    text,
    nocase: random.below(2) === 0,
    negated: random.below(5) === 0,
    startswith: false,
    endswith: false,
  }
  const room = () => text.length + random.below(8)
  switch (random.below(7)) {
    case 0:
      return { ...plain, startswith: true }
    case 1:
      return { ...plain, endswith: true }
    case 2:
      return { ...plain, offset: random.below(6) }
    case 3:
      return { ...plain, offset: random.below(4), depth: room() }
    case 4:
      return { ...plain, distance: random.below(8) - 3 }
    case 5:
      return { ...plain, distance: random.below(6) - 2, within: room() }
    default:
      return plain
  }
}

function written(step: MadeStep): string {
  const parts = [`content:${step.negated ? '!' : ''}"${step.text}";`]
  for (const flag of ['nocase', 'startswith', 'endswith'] as const) if (step[flag]) parts.push(`${flag};`)
  for (const key of ['offset', 'depth', 'distance', 'within'] as const) {
    if (step[key] !== undefined) parts.push(`${key}:${step[key]};`)
  }
  return parts.join(' ')
}
