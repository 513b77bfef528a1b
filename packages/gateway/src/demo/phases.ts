import type { LabEvent } from '@ringwall/lab'

/** What the fleet went through, and how the gateway took it then. */
export interface Phase {
  readonly name: string
  readonly messages: number
  readonly flagged: number
  readonly throttled: number
}

/** A remark on an honest device. */
export interface Timed {
  readonly time: number
  readonly isThrottle: boolean
}

interface Span {
  readonly name: string
  readonly from: number
  to: number
  messages: number
}

/** The flood during which honest devices are counted apart. */
const FLOOD = 'flood-by-fifty'
/** Verdicts on what is under way come a little later, ms. */
const SLACK = 250

/** Divides a round by what the plant does: its operating modes, the maintenance of a device, and the flood by fifty. */
export class Phases {
  readonly #open = new Map<string, Span>()
  readonly #spans: Span[] = []
  #mode = ''
  #published = 0

  see(event: LabEvent): void {
    if (event.kind === 'plant' && event.mode !== this.#mode) {
      this.#close(this.#mode, event.time)
      this.#mode = event.mode
      this.#begin(event.mode, event.time)
    } else if (event.kind === 'service') this.#turn(event.begins, 'maintenance', event.time)
    else if (event.kind === 'attack-start' && event.name === FLOOD) this.#begin(FLOOD, event.time)
    else if (event.kind === 'attack-end' && event.report.name === FLOOD) this.#close(FLOOD, event.time)
    else if (event.kind === 'fleet') this.#count(event.published)
  }

  /** The phases by name, in the order in which they first came. */
  over(remarks: readonly Timed[]): Phase[] {
    const spans = [...this.#spans, ...this.#open.values()]
    return [...new Set(spans.map(({ name }) => name))].map(name => {
      const own = spans.filter(span => span.name === name)
      const said = remarks.filter(({ time }) => own.some(({ from, to }) => time >= from && time <= to + SLACK))
      const throttled = said.filter(({ isThrottle }) => isThrottle).length
      const messages = own.reduce((sum, span) => sum + span.messages, 0)
      return { name, messages, flagged: said.length - throttled, throttled }
    })
  }

  #turn(begins: boolean, name: string, time: number): void {
    if (begins) this.#begin(name, time)
    else this.#close(name, time)
  }

  #begin(name: string, from: number): void {
    this.#open.set(name, { name, from, to: Number.POSITIVE_INFINITY, messages: 0 })
  }

  #close(name: string, time: number): void {
    const span = this.#open.get(name)
    if (span === undefined) return
    span.to = time
    this.#open.delete(name)
    this.#spans.push(span)
  }

  #count(published: number): void {
    for (const span of this.#open.values()) span.messages += published - this.#published
    this.#published = published
  }
}
