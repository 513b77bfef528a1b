import { Captures, type PayloadFault } from '@ringwall/wire'
import type { Act } from '../contract/index.ts'
import type { Entry, ProfileBook, Unruled } from '../profile/book.ts'
import type { Rule } from '../profile/types.ts'

/** What a worker has read of the act on hand: each payload is read once for all guards that ask. */
export interface PayloadDesk {
  /** The rule that the act falls under, null where no profile speaks of it. Its payload was checked then. */
  open(act: Act): Rule | null
  /** Whether the payload that was opened last is what its rule allows. */
  readonly good: boolean
  /** What was taken out of it; means something only where it is good. */
  readonly captures: Captures
}

export interface DeskOptions {
  /** Whether also what others have said is judged on its way down. */
  readonly all: boolean
}

/** A worker's desk: the decision which rule an address falls under is kept with the address. */
export class ProfileDesk implements PayloadDesk {
  readonly captures: Captures
  good = true
  /** What was opened last. */
  entry: Entry | null = null
  /** Why there is no rule; null where there is one, or where none is needed. */
  unruled: Unruled | null = null
  readonly #book: ProfileBook
  readonly #all: boolean
  readonly #slot: number
  #serial = -1
  #rule: Rule | null = null

  constructor(book: ProfileBook, { all }: DeskOptions, slot: number) {
    this.#book = book
    this.#all = all
    this.#slot = slot
    this.captures = new Captures(book.slots)
  }

  // Small, so that the engine puts it into the guards that ask: they ask twice each, and all but the first are answered here.
  open(act: Act): Rule | null {
    return act.serial === this.#serial ? this.#rule : this.#read(act)
  }

  #read(act: Act): Rule | null {
    this.#serial = act.serial
    this.#rule = null
    this.entry = null
    this.unruled = null
    this.good = true
    const { action } = act
    if (action !== 'publish' && action !== 'will' && action !== 'receive') return null
    const decision = this.#decide(act)
    if (typeof decision === 'string') {
      this.unruled = decision
      return null
    }
    this.entry = decision
    if (decision === null) return null
    this.#rule = decision.rule
    const { payload } = decision.rule
    if (decision.topic !== null) decision.sparkplug?.carry(act, decision.topic)
    if (payload !== null) {
      this.good = payload.check(act.bytes, act.payloadStart, act.payloadEnd, decision.names, this.captures)
    }
    return decision.rule
  }

  /** A device connects: what is known of an edge node begins anew. */
  connect(device: string): void {
    if (this.#book.isEdgeNode(device)) this.#book.sparkplug.connect(device)
  }

  /** What was wrong with the payload that was opened last. */
  get fault(): PayloadFault | null {
    return this.entry?.rule.payload?.fault ?? null
  }

  #decide(act: Act): Decision {
    const { memo, text } = act.address
    let known = memo[this.#slot] as Known | undefined
    if (known === undefined) {
      known = { up: undefined, down: undefined }
      memo[this.#slot] = known
    }
    if (act.direction === 'down') {
      if (known.down === undefined) known.down = this.#book.down(act.speaker.device, text, this.#all)
      return known.down
    }
    if (known.up === undefined) known.up = this.#book.up(act.speaker.device, text)
    return known.up
  }
}

type Decision = Entry | Unruled | null

interface Known {
  up: Decision | undefined
  down: Decision | undefined
}
