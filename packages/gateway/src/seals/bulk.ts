import { AHEAD_BYTES, AHEAD_SEAL, TAG_BYTES } from '@ringwall/proof'
import type { Scanner } from '@ringwall/wire'
import type { Opened } from './opened.ts'
import { type KeyPlace, nowhere, type SealSlots } from './slots.ts'

/** Devices whose last key is remembered; more, and all are forgotten. */
const MOST_DEVICES = 4_096
/** 32-bit words and doubles of what the addon finds of a message. */
const Word = {
  start: 0,
  end: 1,
  payload: 2,
  length: 3,
  securedStart: 4,
  securedEnd: 5,
  right: 6,
  epoch: 7,
  previousStart: 12,
  previousEnd: 13,
} as const
const Double = { sequence: 4, time: 5 } as const

/**
 * Looks at messages in envelopes, all that lie in a chunk, in one call of the addon, by the key that their device used last. What it says of a
 * MAC counts where the seal is of that key's epoch; what it does not take for a seal is left to whoever reads each by itself.
 * One for each `SealSlots`: what it has found lies in their kernel's memory.
 */
export class Bulk {
  readonly #places = new Map<string, KeyPlace>()
  /** By which key: the place of a device may name another by the time. */
  #slot = -1
  #turn = 0
  #epoch = 0
  #slots: SealSlots | null = null
  #bytes: Uint8Array | null = null
  #count = 0
  #next = 0

  /** Remembers by which key a device's message was sealed. */
  note(slots: SealSlots, device: string, epoch: number): void {
    if (!slots.kernel.looksAhead) return
    let place = this.#places.get(device)
    if (place === undefined) {
      if (this.#places.size === MOST_DEVICES) this.#places.clear()
      place = nowhere()
      this.#places.set(device, place)
    }
    slots.find(place, device, epoch)
  }

  /** Opens the message that the frame stands on, having looked at those behind it. False where that is for others. */
  open(slots: SealSlots, device: string, frame: Scanner, into: Opened): boolean {
    const isKnown = this.#bytes === frame.bytes && this.#slots === slots && this.#next < this.#count
    if (!isKnown && !this.#look(slots, device, frame)) return false
    return this.#take(slots, frame, into)
  }

  #look(slots: SealSlots, device: string, { bytes, start, received, version }: Scanner): boolean {
    const place = this.#places.get(device)
    if (place === undefined) return false
    slots.find(place, device, place.epoch)
    if (place.slot < 0) return false
    this.#count = slots.kernel.ahead(bytes, start, received, version, place.slot)
    this.#bytes = bytes
    this.#slots = slots
    this.#slot = place.slot
    this.#turn = place.turn
    this.#epoch = place.epoch
    this.#next = 0
    return this.#count > 0
  }

  #take({ kernel }: SealSlots, frame: Scanner, into: Opened): boolean {
    const at = kernel.found + this.#next * AHEAD_BYTES
    const { memory, words, doubles } = kernel
    const [word, double] = [at >> 2, at >> 3]
    if (words[word + Word.start] !== frame.start || words[word + Word.end] !== frame.end) {
      this.#count = 0
      return false
    }
    this.#next++
    const { view } = into
    const seal = at + AHEAD_SEAL
    view.bytes = memory
    view.epoch = words[word + Word.epoch]
    view.sequence = doubles[double + Double.sequence]
    view.time = doubles[double + Double.time]
    view.securedStart = seal + words[word + Word.securedStart]
    view.securedEnd = seal + words[word + Word.securedEnd]
    view.previousStart = seal + words[word + Word.previousStart]
    view.previousEnd = seal + words[word + Word.previousEnd]
    view.payloadStart = -1
    view.payloadEnd = -1
    view.end = seal + words[word + Word.length]
    view.tagStart = view.end - TAG_BYTES
    view.by = view.epoch === this.#epoch ? this.#slots : null
    view.slot = this.#slot
    view.turn = this.#turn
    view.mac = words[word + Word.right]
    into.bytes = frame.bytes
    into.seal = view
    into.payloadStart = words[word + Word.payload]
    into.payloadEnd = frame.end
    return true
  }
}
