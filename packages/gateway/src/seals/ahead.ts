import type { Covered } from '@ringwall/proof'
import type { Opened } from './opened.ts'
import { type KeyPlace, Mac, type SealSlots } from './slots.ts'

/** What the seal of a message covers that has its topic in the packet. */
class CoveredPacket implements Covered {
  topic = new Uint8Array(0) as Uint8Array
  topicStart = 0
  topicEnd = 0
  payload = this.topic
  payloadStart = 0
  payloadEnd = 0

  aim({ bytes, placed, payloadStart, payloadEnd }: Opened): void {
    this.topic = bytes
    this.topicStart = placed.topicStart
    this.topicEnd = placed.topicEnd
    this.payload = bytes
    this.payloadStart = payloadStart
    this.payloadEnd = payloadEnd
  }
}

const covered = new CoveredPacket()
/** The messages whose MACs are worked out next. */
const waiting: Opened[] = []

/**
 * Works out the MACs of messages of one device together. Left to be verified alone are those whose topic an alias stands for, those without a key,
 * and those that are longer than fits or alone of their length.
 * @param place where the device's key was found last
 */
export function lookAhead(
  messages: readonly Opened[],
  count: number,
  device: string,
  slots: SealSlots,
  place: KeyPlace,
): void {
  for (let i = 0; i < count; i++) {
    const opened = messages[i]
    const { seal, view, placed } = opened
    if (seal !== view || placed.topicStart === placed.topicEnd) continue
    // A key that gives way to another must not do so while a message waits for it.
    if (view.epoch !== place.epoch || device !== place.device) flush(slots)
    slots.find(place, device, view.epoch)
    if (place.slot < 0) continue
    covered.aim(opened)
    if (!slots.verifier.add(place.slot, view, covered)) {
      flush(slots)
      if (!slots.verifier.add(place.slot, view, covered)) continue
    }
    view.slot = place.slot
    view.turn = place.turn
    waiting.push(opened)
  }
  flush(slots)
}

function flush(slots: SealSlots): void {
  const right = slots.verifier.flush()
  for (const [lane, { view }] of waiting.entries()) {
    view.mac = (right >>> lane) & 1 ? Mac.right : Mac.wrong
    view.by = slots
  }
  waiting.length = 0
}
