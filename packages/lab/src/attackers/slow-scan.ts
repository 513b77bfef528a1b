import type { Attack } from './attack.ts'
import { publish, subscribe } from './packets.ts'
import { type Packet, topicOf } from './session.ts'

/** Milliseconds between two tries: below every limit on rates. */
const PACE = 350
const LISTENED = 500

/**
 * Tries one topic of somebody else's after the other, too slowly for any limit. Effect: filters that were granted, messages of
 * others that came, and own messages that arrived where they may not.
 */
export const slowScan: Attack = {
  name: 'slow-scan',
  technique: 'T0846',
  title: 'Map what is allowed, one topic at a time',
  expected: 'access',
  alone: false,
  seconds: () => 9,
  async run(range) {
    await range.proveAccess()
    const { marker, sighting } = range.mark()
    const victims = ['level-1', 'flow-2', 'pressure-1', 'pump-1', 'valve-2', 'heater-1', 'controller-1']
    const session = await range.enter(4)
    let attempts = 0
    for (const [i, device] of victims.entries()) {
      for (const packet of [
        subscribe(4, range.topic(device, i % 2 === 0 ? 'telemetry' : 'state'), i + 1),
        publish(4, { topic: range.topic(device, 'probe'), payload: marker }),
      ]) {
        session.send(packet)
        attempts++
        await range.sleep(PACE)
      }
    }
    await range.sleep(LISTENED)
    const granted = session.packets.filter(granting).length
    const heard = session.packets.filter(packet => packet.type === 3 && !topicOf(packet).includes(range.device)).length
    session.destroy()
    const effect = granted + heard + sighting.count
    const detail = `${granted} filters granted, ${heard} messages of others heard, ${sighting.count} probes arrived of ${attempts} tries`
    return { attempts, effect, detail }
  },
}

/** A SUBACK that grants its filter. */
function granting({ type, body }: Packet): boolean {
  return type === 9 && body[2] < 0x80
}
