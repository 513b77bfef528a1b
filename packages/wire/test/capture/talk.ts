import type { Random } from '../../fuzz/random.ts'
import type { SegmentFields } from './frames.ts'

/** What is said in a connection. */
export interface Talk {
  readonly clientPort: number
  readonly serverPort: number
  readonly up: Uint8Array
  readonly down: Uint8Array
  /** Where segments end, of both directions, if they are as they were sent: at ends of packets. Anywhere unless given. */
  readonly ends?: { readonly up: readonly number[]; readonly down: readonly number[] }
}

/** How the network and the capture treat it. */
export interface Treatment {
  /** Segments come out of order, twice, and with other ends. */
  readonly disturbed: boolean
  /** SYNs are missing; the first bytes of each direction still come first. */
  readonly midstream: boolean
  /** One direction was not captured. */
  readonly only: 'up' | 'down' | null
  readonly ending: 'fin' | 'reset' | 'none'
}

/** A segment and who sends it. */
export interface Said {
  readonly up: boolean
  readonly fields: SegmentFields
}

/** A range of a stream; `to` is exclusive. */
interface Range {
  readonly from: number
  readonly to: number
}

/** One direction while it is being said: what was captured of it, for the other end's acknowledgements. */
class Side {
  readonly stream: Uint8Array
  readonly base: number
  readonly ranges: Range[]
  readonly #seen: Uint8Array
  #prefix: number
  fin: boolean

  constructor(stream: Uint8Array, base: number, ranges: Range[]) {
    this.stream = stream
    this.base = base
    this.ranges = ranges
    this.#seen = new Uint8Array(stream.length)
    this.#prefix = 0
    this.fin = false
  }

  see({ from, to }: Range): void {
    this.#seen.fill(1, from, to)
    while (this.#prefix < this.stream.length && this.#seen[this.#prefix] === 1) this.#prefix++
  }

  /** What the other end has got in order. */
  get acknowledgement(): number {
    return this.base + this.#prefix + (this.fin ? 1 : 0)
  }
}

/** All segments of a connection in the order in which they are captured. No byte is missing, and acknowledgements are true. */
export function converse(talk: Talk, treatment: Treatment, random: Random): Said[] {
  const up = side(talk.up, talk.ends?.up, treatment, random)
  const down = side(talk.down, talk.ends?.down, treatment, random)
  const said: Said[] = []
  const say = (isUp: boolean, flags: string, sequence: number, data?: Uint8Array) => {
    const source = isUp ? talk.clientPort : talk.serverPort
    const destination = isUp ? talk.serverPort : talk.clientPort
    const acknowledgement = flags.includes('A') ? (isUp ? down : up).acknowledgement : 0
    said.push({
      up: isUp,
      fields: { source, destination, sequence, acknowledgement, flags, ...(data === undefined ? {} : { data }) },
    })
  }
  if (!treatment.midstream) {
    say(true, 'S', up.base - 1)
    say(false, 'SA', down.base - 1)
    say(true, 'A', up.base)
  }
  while (up.ranges.length + down.ranges.length > 0) {
    const isUp = down.ranges.length === 0 || (up.ranges.length > 0 && random.below(2) === 0)
    const from = isUp ? up : down
    const range = from.ranges.shift()!
    say(isUp, 'PA', from.base + range.from, from.stream.subarray(range.from, range.to))
    from.see(range)
    // What came is acknowledged by an empty segment now and then.
    if (random.below(3) === 0) say(!isUp, 'A', (isUp ? down : up).base + nextOf(isUp ? down : up))
  }
  finishTalk(treatment.ending, up, down, say)
  return said.filter(({ up: isUp }) => treatment.only === null || (treatment.only === 'up') === isUp)
}

function nextOf(from: Side): number {
  return from.acknowledgement - from.base
}

function finishTalk(
  ending: Treatment['ending'],
  up: Side,
  down: Side,
  say: (isUp: boolean, flags: string, sequence: number) => void,
): void {
  if (ending === 'reset') say(true, 'RA', up.acknowledgement)
  if (ending !== 'fin') return
  say(true, 'FA', up.acknowledgement)
  up.fin = true
  say(false, 'FA', down.acknowledgement)
  down.fin = true
  say(true, 'A', up.acknowledgement)
}

/** Sequence numbers begin anywhere, often where they are about to wrap around, unsigned or signed. */
function side(stream: Uint8Array, ends: readonly number[] | undefined, treatment: Treatment, random: Random): Side {
  const edge = random.pick([2 ** 31, 2 ** 32, 0])
  const base = edge === 0 ? random.below(2 ** 32) : edge - random.below(stream.length + 2)
  const ranges =
    ends === undefined ? split(stream.length, random) : ends.map((to, i) => ({ from: i === 0 ? 0 : ends[i - 1], to }))
  return new Side(stream, base, treatment.disturbed ? disturb(ranges, treatment.midstream, random) : ranges)
}

function split(length: number, random: Random): Range[] {
  const most = random.pick([1, 7, 60, 400, 1460])
  const ranges: Range[] = []
  for (let from = 0; from < length; ) {
    // Not more than a hundred or so.
    const to = Math.min(length, from + Math.ceil(length / 100) + random.below(most))
    ranges.push({ from, to })
    from = to
  }
  return ranges
}

/** Says some ranges again with other ends, and moves them about. */
function disturb(ranges: readonly Range[], keepFirst: boolean, random: Random): Range[] {
  const length = ranges.at(-1)?.to ?? 0
  const result: Range[] = []
  for (const range of ranges) {
    result.push(range)
    if (random.below(4) > 0) continue
    const from = Math.max(0, range.from - random.below(20))
    result.push({ from, to: Math.min(length, range.to + random.below(20)) })
  }
  const reach = random.pick([2, 4, 30])
  const first = keepFirst ? 1 : 0
  for (let i = first; i < result.length; i++) {
    const other = Math.min(result.length - 1, i + random.below(reach))
    const moved = result[i]
    result[i] = result[other]
    result[other] = moved
  }
  return result
}
