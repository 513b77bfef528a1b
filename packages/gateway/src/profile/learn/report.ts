import type { TypedTopic } from './draft.ts'
import type { Learned } from './learn.ts'

/** What a drafted profile protects one reading from, and what it cannot know. */
export interface Coverage {
  readonly type: string
  readonly topic: string
  /** JSON pointer of the reading. */
  readonly reading: string
  /** Of `range`, `jump`, `frozen`, `replay`, `redundancy`: what the draft names. */
  readonly caught: readonly string[]
  /** What only an invariant, or a second sensor, can name. */
  readonly open: readonly string[]
}

/** Says reading by reading what the drafts catch, and where a person's knowledge of the plant is needed. */
export function coverage({ types }: Learned): Coverage[] {
  return [...types].flatMap(([type, topics]) =>
    topics.filter(topic => !topic.command).flatMap(topic => coverageOf(type, topic)),
  )
}

function coverageOf(type: string, { leaf, values, statistics }: TypedTopic): Coverage[] {
  const beat = statistics.every(({ steady }) => steady)
  const members = [...values.members]
  const timed = members.some(([, { numbers }]) => numbers.clock !== null || numbers.counts)
  const related = new Set<string>()
  for (const [first, row] of values.pairs) {
    for (const [second, { ratio, modulus }] of row)
      if (ratio !== null || modulus !== null) related.add(first).add(second)
  }
  const readings = members.filter(
    ([, { numbers }]) => numbers.count > 0 && numbers.clock === null && !numbers.counts && numbers.step > 0,
  )
  return readings.map(([name, { numbers }]) => ({
    type,
    topic: leaf,
    reading: `/${name}`,
    caught: [
      'range',
      ...(numbers.gradual && beat ? ['jump'] : []),
      ...(numbers.lively ? ['frozen'] : []),
      ...(timed ? ['replay'] : []),
      ...(related.has(name) ? ['redundancy'] : []),
    ],
    open: ['a slow drift', 'a value within its range that the rest of the plant contradicts'],
  }))
}
