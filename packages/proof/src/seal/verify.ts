import type { HmacKey } from '../hash/hmac.ts'
import type { SealView } from './layout.ts'
import { macInput } from './sealer.ts'

/** Whether the MAC of a seal that was read is that of its topic and payload, in a time that tells nothing about where it differs. */
export function macHolds(key: HmacKey, view: SealView, topic: Uint8Array, payload: Uint8Array): boolean {
  const secured = view.bytes.subarray(view.securedStart, view.securedEnd)
  return key.verify(view.tag, ...macInput(secured, topic, payload))
}
