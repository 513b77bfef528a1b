import { asEnvelope, deviceSecret, Sealer, sealKey } from '@ringwall/proof'
import { topicOf } from './device.ts'

/** The site of all benches, as keys of seals have it. */
const SITE = 'bench'

/**
 * Seals what a device says, as MQTT 3.1.1 carries it. Numbers come from the clock, so that each blast goes on behind the one before; all seals
 * are of one length.
 * @param secret of the site, hex
 */
export function sealing(id: string, secret: string): (payload: Uint8Array) => Uint8Array {
  const key = sealKey(deviceSecret(Buffer.from(secret, 'hex'), SITE, id), id, 1)
  const sealer = new Sealer(key, 1, { sequence: Date.now() * 1_000, previous: new Uint8Array(8) })
  const topic = topicOf(id)
  return payload => asEnvelope(sealer.seal(topic, payload, Date.now()), payload)
}
