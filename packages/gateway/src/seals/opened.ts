import { readCose, readEnvelope, readProperty, SEAL_PROPERTY } from '@ringwall/proof'
import { Property } from '@ringwall/wire'
import { AheadView } from './ahead-view.ts'
import { type Placed, unplaced } from './packet.ts'
import { type Unsealable, whyNoSeal } from './unsealable.ts'

const NAME = new TextEncoder().encode(SEAL_PROPERTY)
const NOTHING: Uint8Array = new Uint8Array(0)

/** A message without its seal: used again for the next. */
export class Opened {
  readonly placed: Placed = unplaced()
  readonly view = new AheadView()
  bytes = NOTHING
  /** The view, what it is that stands for a seal and is none, or null where nothing does. */
  seal: AheadView | Unsealable | null = null
  /** What was sealed. */
  payloadStart = 0
  payloadEnd = 0

  /** Finds the seal of the message that `placed` says where it lies, in whichever of its carriers. */
  open(bytes: Uint8Array, version: number): void {
    const { placed, view } = this
    const { payloadStart, end } = placed
    this.bytes = bytes
    this.payloadStart = payloadStart
    this.payloadEnd = end
    view.by = null
    const at = version === 5 ? sealProperty(bytes, placed.propertiesStart, placed.propertiesEnd) : -1
    if (at >= 0) return this.#openText(at + 2, textEnd(bytes, at))
    const inner = readEnvelope(bytes, payloadStart, end, view)
    if (inner > 0) {
      this.seal = view
      this.payloadStart = inner
    } else if (inner < 0) this.seal = whyNoSeal(bytes, payloadStart, end)
    else if (readCose(bytes, payloadStart, end, view)) {
      this.seal = view
      this.payloadStart = view.payloadStart
      this.payloadEnd = view.payloadEnd
    } else this.seal = whyNoSeal(bytes, payloadStart, end)
  }

  #openText(start: number, end: number): void {
    const { bytes, view } = this
    this.seal = readProperty(bytes, start, end, view) ? view : whyNoSeal(bytes, start, end, true)
  }
}

/** Where the value of the user property that carries a seal begins, with its length; -1 where there is none. */
export function sealProperty(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    if (bytes[at] !== Property.USER_PROPERTY) {
      at = behind(bytes, at)
      continue
    }
    const value = textEnd(bytes, at + 1)
    if (isName(bytes, at + 3, value)) return textEnd(bytes, value) <= end ? value : -1
    at = textEnd(bytes, value)
  }
  return -1
}

/** Where a text that stands behind its length ends. */
export function textEnd(bytes: Uint8Array, at: number): number {
  return at + 2 + ((bytes[at] << 8) | bytes[at + 1])
}

function isName(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== NAME.length) return false
  for (let i = 0; i < NAME.length; i++) if (bytes[start + i] !== NAME[i]) return false
  return true
}

/** Where a property of a PUBLISH ends, but for user properties (MQTT 5.0, section 3.3.2.3). */
function behind(bytes: Uint8Array, start: number): number {
  let at = start + 1
  switch (bytes[start]) {
    case Property.PAYLOAD_FORMAT_INDICATOR:
      return at + 1
    case Property.MESSAGE_EXPIRY_INTERVAL:
      return at + 4
    case Property.TOPIC_ALIAS:
      return at + 2
    case Property.SUBSCRIPTION_IDENTIFIER:
      while (bytes[at] >= 0x80) at++
      return at + 1
    default:
      return textEnd(bytes, at)
  }
}
