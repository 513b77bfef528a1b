import { readCose, readEnvelope, readProperty, SEAL_PROPERTY, SealView } from '@ringwall/proof'
import { Property } from '@ringwall/wire'
import type { ActView } from './act.ts'

const NAME = new TextEncoder().encode(SEAL_PROPERTY)

/** What is read of a message's properties: where they lie. */
interface Placed {
  readonly version: number
  readonly propertiesStart: number
  readonly propertiesEnd: number
}

/** Finds the seal of a message, in whichever of its carriers, and points the act at what was sealed. One a worker. */
export class Unsealer {
  /** Whether anybody wants to know. */
  isOn: boolean
  readonly #view = new SealView()

  constructor(isOn: boolean) {
    this.isOn = isOn
  }

  /** Sets the act's `seal`, and its payload without the envelope. */
  open(act: ActView, { version, propertiesStart, propertiesEnd }: Placed): void {
    const { bytes, payloadStart, payloadEnd } = act
    const view = this.#view
    act.seal = null
    if (version === 5) {
      const at = propertyAt(bytes, propertiesStart, propertiesEnd)
      if (at >= 0) {
        const end = at + 2 + ((bytes[at] << 8) | bytes[at + 1])
        act.seal = readProperty(bytes, at + 2, end, view) ? view : 'malformed'
        return
      }
    }
    const inner = readEnvelope(bytes, payloadStart, payloadEnd, view)
    if (inner > 0) {
      act.seal = view
      act.payloadStart = inner
    } else if (inner < 0) act.seal = 'malformed'
    else if (readCose(bytes, payloadStart, payloadEnd, view)) {
      act.seal = view
      act.payloadStart = view.payloadStart
      act.payloadEnd = view.payloadEnd
    }
  }
}

/** Where the value of the user property that carries a seal begins, with its length; -1 where there is none. The properties are legal. */
function propertyAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const id = bytes[at++]
    if (id !== Property.USER_PROPERTY) {
      at = behind(bytes, at, id)
      continue
    }
    const length = (bytes[at] << 8) | bytes[at + 1]
    const value = at + 2 + length
    if (length === NAME.length && NAME.every((byte, index) => bytes[at + 2 + index] === byte)) return value
    at = value + 2 + ((bytes[value] << 8) | bytes[value + 1])
  }
  return -1
}

/** Where a property of a PUBLISH ends, but for user properties (MQTT 5.0, section 3.3.2.3). */
function behind(bytes: Uint8Array, at: number, id: number): number {
  switch (id) {
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
      return at + 2 + ((bytes[at] << 8) | bytes[at + 1])
  }
}
