import { NumberField } from './numbers.ts'
import { Pair } from './pairs.ts'
import { TextField } from './texts.ts'

/** What is behind these is not learned. */
const MOST_MEMBERS = 64
const DEEPEST = 8
/** Numbers of one object that are compared with each other. */
const MOST_PAIRED = 6

/** Who sent a message, and when it was recorded. */
export interface Source {
  readonly device: string
  readonly site: string
  /** Wall milliseconds. */
  readonly time: number
}

/** What the values at one place of a device's messages look like. Memory is bounded by the messages' own size. */
export class Values {
  count = 0
  nulls = 0
  booleans = 0
  readonly numbers = new NumberField()
  readonly texts = new TextField()
  objects = 0
  readonly members = new Map<string, Values>()
  /** Relations of two numbers of an object, by both names. */
  readonly pairs = new Map<string, Map<string, Pair>>()
  arrays = 0
  longest = 0
  items: Values | null = null
  /** Members or levels that were not looked at. */
  beyond = false

  add(value: unknown, source: Source, depth = 0): void {
    this.count++
    if (depth > DEEPEST) this.beyond = true
    else if (value === null) this.nulls++
    else if (typeof value === 'boolean') this.booleans++
    else if (typeof value === 'number') this.numbers.add(value, source.time)
    else if (typeof value === 'string') this.texts.add(value, source.device, source.site)
    else if (Array.isArray(value)) this.#addItems(value, source, depth)
    else if (typeof value === 'object') this.#addMembers(Object.entries(value), source, depth)
  }

  /** Joins what another device of the type says at the same place. */
  join(other: Values): void {
    this.count += other.count
    this.nulls += other.nulls
    this.booleans += other.booleans
    this.numbers.join(other.numbers)
    this.texts.join(other.texts)
    this.objects += other.objects
    this.arrays += other.arrays
    this.longest = Math.max(this.longest, other.longest)
    this.beyond ||= other.beyond
    for (const [name, values] of other.members) memberOf(this.members, name).join(values)
    for (const [first, row] of other.pairs) for (const [second, pair] of row) this.#pair(first, second).join(pair)
    if (other.items === null) return
    this.items ??= new Values()
    this.items.join(other.items)
  }

  #addItems(items: readonly unknown[], source: Source, depth: number): void {
    this.arrays++
    this.longest = Math.max(this.longest, items.length)
    this.items ??= new Values()
    for (const item of items) this.items.add(item, source, depth + 1)
  }

  #addMembers(entries: readonly [string, unknown][], source: Source, depth: number): void {
    this.objects++
    if (entries.length > MOST_MEMBERS) this.beyond = true
    for (const [name, value] of entries.slice(0, MOST_MEMBERS)) {
      if (!this.members.has(name) && this.members.size >= MOST_MEMBERS) this.beyond = true
      else memberOf(this.members, name).add(value, source, depth + 1)
    }
    const numbers = entries.filter(([, value]) => typeof value === 'number').slice(0, MOST_PAIRED)
    for (const [first, one] of numbers) {
      for (const [second, other] of numbers) {
        if (first !== second) this.#pair(first, second).add(one as number, other as number)
      }
    }
  }

  #pair(first: string, second: string): Pair {
    const row = this.pairs.get(first) ?? new Map<string, Pair>()
    this.pairs.set(first, row)
    const pair = row.get(second) ?? new Pair()
    row.set(second, pair)
    return pair
  }
}

function memberOf(members: Map<string, Values>, name: string): Values {
  const values = members.get(name) ?? new Values()
  members.set(name, values)
  return values
}
