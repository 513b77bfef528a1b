import type { Range } from '../range.ts'
import type { Outcome } from './report.ts'
import type { Session } from './session.ts'

/** Dials in each of the ways and sends the CONNECT. Effect: how many were answered with a CONNACK that accepts. */
export async function tryEntries(
  range: Range,
  connect: Uint8Array,
  ways: readonly (() => Promise<Session>)[],
): Promise<Outcome> {
  let accepted = 0
  let shaken = 0
  for (const dial of ways) {
    range.signal.throwIfAborted()
    const session = await dial().catch(() => null)
    if (!session) continue
    shaken += 1
    if ((await session.login(connect, 3000)) === 0) accepted += 1
    session.destroy()
  }
  const detail = `${accepted} of ${ways.length} entries granted; ${shaken} got as far as sending a CONNECT`
  return { attempts: ways.length, effect: accepted, detail }
}
