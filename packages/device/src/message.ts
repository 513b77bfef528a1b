import { asCose, asEnvelope, asProperty, SEAL_PROPERTY } from '@ringwall/proof'
import type { SealedDevice } from './sealed-device.ts'

/** Where the seal goes: a user property of MQTT 5, an envelope before the payload (for 3.1.1), or a COSE_Mac0 around it. */
export type Carrier = 'property' | 'envelope' | 'cose'

/** What a client of any kind publishes. */
export interface Sealed {
  readonly topic: string
  readonly payload: Uint8Array
  /** User properties (MQTT 5), to be added to those of the message; empty for the other carriers. */
  readonly userProperties: Readonly<Record<string, string>>
}

/** Seals a message for whichever client sends it, in this order. Errors: those of `SealedDevice.seal`. */
export function sealMessage(
  device: SealedDevice,
  topic: string,
  payload: Uint8Array | string,
  carrier: Carrier,
): Sealed {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
  const seal = device.seal(topic, bytes)
  if (carrier === 'property') return { topic, payload: bytes, userProperties: { [SEAL_PROPERTY]: asProperty(seal) } }
  return { topic, payload: carrier === 'envelope' ? asEnvelope(seal, bytes) : asCose(seal, bytes), userProperties: {} }
}
