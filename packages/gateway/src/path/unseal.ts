import type { Scanner } from '@ringwall/wire'
import { lookAhead } from '../seals/ahead.ts'
import { Bulk } from '../seals/bulk.ts'
import { Opened } from '../seals/opened.ts'
import { placePublish } from '../seals/packet.ts'
import { nowhere, type SealSlots } from '../seals/slots.ts'
import type { ActView } from './act.ts'

/** Messages whose seals are verified side by side. */
const TOGETHER = 4

/**
 * Finds the seal of a message and points the act at what was sealed. Where more messages lie behind it in what was received, their seals are
 * read too, and all are verified together at half the price; what each comes to is said only when it is judged. One a worker.
 */
export class Unsealer {
  /** The keys by which seals are verified; null where nobody wants to know of them. */
  slots: SealSlots | null
  readonly #opened = Array.from({ length: TOGETHER }, () => new Opened())
  readonly #place = nowhere()
  readonly #bulk = new Bulk()
  readonly #single = new Opened()
  /** How many of `opened` hold a message, and which of them comes next. */
  #count = 0
  #next = 0

  constructor(slots: SealSlots | null) {
    this.slots = slots
  }

  /** Sets the act's `seal`, and its payload without the envelope. To be called where there are `slots`. @returns where the parts lie */
  open(act: ActView, frame: Scanner): Opened {
    const { slots } = this
    const isBulk = slots !== null && this.#bulk.open(slots, act.subject, frame, this.#single)
    const opened = isBulk ? this.#single : this.#each(frame, act.subject)
    act.seal = opened.seal
    act.payloadStart = opened.payloadStart
    act.payloadEnd = opened.payloadEnd
    return opened
  }

  #each(frame: Scanner, device: string): Opened {
    const ready = this.#next < this.#count ? this.#opened[this.#next++] : null
    const isReady = ready !== null && ready.bytes === frame.bytes && ready.placed.start === frame.start
    const opened = isReady ? ready : this.#open(frame, device)
    if (opened.seal === opened.view && this.slots !== null) this.#bulk.note(this.slots, device, opened.view.epoch)
    return opened
  }

  #open(frame: Scanner, device: string): Opened {
    const { bytes, received, version } = frame
    this.#count = 0
    let { start } = frame
    for (const opened of this.#opened) {
      if (!placePublish(bytes, start, received, version, opened.placed)) break
      opened.open(bytes, version)
      start = opened.placed.end
      this.#count++
    }
    this.#next = 1
    if (this.#count > 1 && this.slots !== null) lookAhead(this.#opened, this.#count, device, this.slots, this.#place)
    return this.#opened[0]
  }
}
