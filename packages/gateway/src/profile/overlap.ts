import type { Level, TopicTemplate } from './topic.ts'
import { within } from './topic.ts'

/** A topic with the ids that may stand in it. */
export interface Place {
  readonly topic: TopicTemplate
  readonly owns: (device: string) => boolean
}

/**
 * Whether one topic can be that of both. Exact but for ids with different text around them, which are taken for able to meet.
 * @param related whether both are of one type of device: a device of two types there is not.
 */
export function topicsMeet(one: Place, other: Place, related: boolean): boolean {
  const ids: [Bound, Bound] = [{ id: null }, { id: null }]
  const longest = Math.max(one.topic.levels.length, other.topic.levels.length)
  for (let index = 0; index < longest; index++) {
    const [left, right] = [one.topic.levels[index], other.topic.levels[index]]
    if (left?.kind === 'rest' || right?.kind === 'rest') return true
    if (left === undefined || right === undefined) return false
    if (left.kind === 'any' || right.kind === 'any') continue
    if (left.kind === 'text' && right.kind === 'text') {
      if (left.text !== right.text) return false
    } else if (left.kind === 'text') {
      if (!binds(right as DeviceLevel, left.text, ids[1], other)) return false
    } else if (right.kind === 'text') {
      if (!binds(left, right.text, ids[0], one)) return false
    } else if (left.before === right.before && left.after === right.after) {
      if (!related) return false
    } else if (!fit(left, right)) return false
  }
  return true
}

type DeviceLevel = Extract<Level, { readonly kind: 'device' }>

/** The id that a side is about, as far as the levels say. */
interface Bound {
  id: string | null
}

function binds({ before, after }: DeviceLevel, text: string, bound: Bound, { owns }: Place): boolean {
  const id = within(text, before, after)
  if (id === null || !owns(id) || (bound.id !== null && bound.id !== id)) return false
  bound.id = id
  return true
}

function fit(left: DeviceLevel, right: DeviceLevel): boolean {
  const begins = left.before.startsWith(right.before) || right.before.startsWith(left.before)
  return begins && (left.after.endsWith(right.after) || right.after.endsWith(left.after))
}

/** Whether one text can match both globs (`*` is any number of characters, `?` is one). Takes time linear in their product. */
export function globsMeet(one: string, other: string): boolean {
  // By how much of the other glob is behind: whether the rest of this one can meet that rest.
  let below: boolean[] = []
  for (let i = one.length; i >= 0; i--) {
    const row: boolean[] = []
    for (let j = other.length; j >= 0; j--) {
      const [left, right] = [one[i], other[j]]
      if (left === undefined && right === undefined) row[j] = true
      else if (left === '*') row[j] = below[j]! || (right !== undefined && row[j + 1]!)
      else if (right === '*') row[j] = row[j + 1]! || (left !== undefined && below[j]!)
      else row[j] = left !== undefined && right !== undefined && isSame(left, right) && below[j + 1]!
    }
    below = row
  }
  return below[0]!
}

const isSame = (left: string, right: string) => left === right || left === '?' || right === '?'
