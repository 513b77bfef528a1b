import type { Sighting } from '../observer.ts'
import type { Attack } from './attack.ts'
import { malformed as cases } from './malformed-bytes.ts'
import { publish } from './packets.ts'

/** A connection that is still open after so long has survived its illegal bytes. */
const SURVIVAL = 250
const SETTLE = 500
/** Connections that may be tried once more, after a while in which a gateway that counts them has calmed down (ms). */
const RETRIES = 10
const CALM = 300

/**
 * Sends illegal bytes after a valid CONNECT and instead of it, each followed at once by a legal marker. Effect: illegal
 * strings that a session survived so that the marker arrived, and honest sessions that ended meanwhile.
 */
export const malformed: Attack = {
  name: 'malformed',
  technique: 'T0866',
  title: 'Send illegal packets',
  expected: 'floor',
  alone: true,
  seconds: () => 7,
  async run(range) {
    await range.proveAccess()
    const topic = range.topic(range.device, 'telemetry')
    const dropped = range.fleet.dropped
    const sent: { name: string; sighting: Sighting }[] = []
    let retries = RETRIES
    const list = cases(range.device, topic).filter(({ version }) => version <= range.observer.version)
    for (const { name, version, after, bytes } of list) {
      const open = () => (after ? range.enter(version) : range.dial()).catch(() => null)
      let session = await open()
      if (!session && retries > 0) {
        retries -= 1
        await range.sleep(CALM)
        session = await open()
      }
      if (!session) continue
      const { marker, sighting } = range.mark()
      session.send(bytes, publish(version, { topic, payload: JSON.stringify(range.report(marker)) }))
      sent.push({ name, sighting })
      await session.until(() => sighting.count > 0, SURVIVAL)
      range.signal.throwIfAborted()
      session.destroy()
    }
    await range.sleep(SETTLE)
    const survived = sent.filter(({ sighting }) => sighting.count > 0).map(({ name }) => name)
    const lost = range.fleet.dropped - dropped
    const detail =
      `${survived.length} of ${sent.length} illegal strings were survived${survived.length > 0 ? ` (${survived.join('; ')})` : ''}; ` +
      `${lost} honest sessions ended; ${list.length - sent.length} could not be tried`
    return { attempts: sent.length, effect: survived.length + lost, detail }
  },
}
