import type { Happening } from '../happening.ts'
import { shortName } from '../names.ts'
import { Distinct } from './distinct.ts'
import type { Marks } from './marks.ts'

/**
 * What is told of an address, in this order. The first six are counts of about the last window: connections that began and ended,
 * CONNECTs, those that were refused, illegal packets, messages. Then user names and passwords that it tried, connections that are open
 * now, and those of them that have sent no CONNECT.
 */
export const SOURCE_FIGURES = [
  'opened',
  'closed',
  'connects',
  'refused',
  'faults',
  'messages',
  'users',
  'passwords',
  'open',
  'unconnected',
] as const

const Count = { opened: 0, closed: 1, connects: 2, refused: 3, faults: 4, messages: 5 } as const
const COUNTS = 6
/** Names and passwords that are told apart in a bucket. */
const MOST_TRIED = 64

/**
 * One address: floods and brute force show between sessions, not in one. Counts of the last `span` milliseconds are those of the
 * running bucket and the share of the one before that still lies within; buckets begin with the address's first happening, so
 * that nothing depends on the time of day.
 */
export class Source {
  /** Connections that are open now. */
  open = 0
  #unconnected = 0
  #from: number
  readonly network: string
  readonly #span: number
  #now = new Bucket()
  #before = new Bucket()

  /** @param network what counts as its address */
  constructor(network: string, span: number, time: number) {
    this.network = network
    this.#span = span
    this.#from = time
  }

  /** @param waits the connection began and has sent no CONNECT yet */
  take({ kind, time, user, secret, code }: Happening, waits: boolean, marks: Marks): void {
    this.#turn(time)
    const { counts, users, passwords } = this.#now
    switch (kind) {
      case 'opened':
        counts[Count.opened]++
        this.open++
        this.#unconnected++
        return
      case 'closed':
        counts[Count.closed]++
        this.open = Math.max(0, this.open - 1)
        if (waits) this.#unconnected--
        return
      case 'connect':
        counts[Count.connects]++
        if (waits) this.#unconnected--
        if (user !== '') users.add(marks.of(shortName(user)))
        if (secret !== 0) passwords.add(secret)
        return
      case 'connack':
        if (code !== 'accepted') counts[Count.refused]++
        return
      case 'fault':
        counts[Count.faults]++
        return
      case 'publish':
      case 'receive':
        counts[Count.messages]++
    }
  }

  /** A connection is followed no longer. @param waits see `take` */
  lose(waits: boolean): void {
    if (waits) this.#unconnected--
  }

  /** Writes its figures, in the order of `SOURCE_FIGURES`, as they stand at `time`. */
  tell(time: number, figures: Float64Array): void {
    this.#turn(time)
    const left = 1 - Math.max(0, time - this.#from) / this.#span
    const [now, before] = [this.#now, this.#before]
    for (let i = 0; i < COUNTS; i++) figures[i] = now.counts[i] + left * before.counts[i]
    figures[COUNTS] = Math.max(now.users.size, before.users.size)
    figures[COUNTS + 1] = Math.max(now.passwords.size, before.passwords.size)
    figures[COUNTS + 2] = this.open
    figures[COUNTS + 3] = this.#unconnected
  }

  #turn(time: number): void {
    const passed = Math.floor((time - this.#from) / this.#span)
    if (passed < 1) return
    this.#from += passed * this.#span
    const former = this.#before
    this.#before = this.#now
    if (passed > 1) this.#before.clear()
    former.clear()
    this.#now = former
  }
}

class Bucket {
  readonly counts = new Float64Array(COUNTS)
  readonly users = new Distinct(MOST_TRIED)
  readonly passwords = new Distinct(MOST_TRIED)

  clear(): void {
    this.counts.fill(0)
    this.users.clear()
    this.passwords.clear()
  }
}
