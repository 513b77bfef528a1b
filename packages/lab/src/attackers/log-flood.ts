import { entriesIn, type Growth, growthSince } from '../ledger/growth.ts'
import type { Range } from '../range.ts'
import type { Attack } from './attack.ts'
import { connect, publish, subscribe } from './packets.ts'
import type { Session } from './session.ts'

/** What the device says where it may not: so many times so much at once, before anybody blocks it, with so many milliseconds between. */
const ROUNDS = 6
const BATCH = 250
const PAUSE = 50
/** Names under which it then tries to come in. */
const NAMES = 30
/** Addresses of those without a certificate, and how often each comes. */
const PLACES = 50
const TRIES = 10
/** What the ledger's writer may take to have it on the disk, ms. */
const SETTLE = 1500
/** As long as an entry of a kind stands by itself. The ledger must have come so far, or its size proves nothing. */
const SINGLE = 10
const MINUTE = 60_000
/** Entries of which at least one is older than a minute, whatever came: others may have used up its room for strangers just before. */
const LOOK_BACK = 1500
/** The writer's minute may turn so much later than the clock's, ms. */
const LATE = 1000

/**
 * Wants the audit ledger to fill the disk: a device with a valid certificate speaks where it may not, on 1,500 topics, and under thirty names,
 * until it is shut out, and people without a certificate come five hundred times from fifty addresses. Effect: entries of the ledger above what one device, and all who are
 * none together, may bring about in a minute.
 */
export const logFlood: Attack = {
  name: 'log-flood',
  technique: 'T0814',
  title: 'Provoke refusals until the audit log fills the disk',
  expected: 'ledger',
  alone: false,
  ledger: 'seen',
  seconds: () => 4,
  async run(range) {
    const { ledger, limits, device } = range
    await range.proveAccess()
    const before = entriesIn(ledger.folder)
    const began = Date.now()
    const [said, came] = await Promise.all([speak(range), knock(range)])
    const named = await pretend(range)
    await range.sleep(SETTLE)
    const growth = growthSince(ledger.folder, before, device)
    const told = growthSince(ledger.folder, Math.max(0, before - LOOK_BACK), device)
    if (told.device < SINGLE || told.strangers < SINGLE)
      throw new Error(`The ledger tells of ${told.device} acts and ${told.strangers} strangers: it does not see them`)
    const minutes = minutesFrom(began - LATE, Date.now())
    const [most, mostStrangers] = [limits.entriesOfDevice * minutes, limits.entriesOfStrangers * minutes]
    const effect = Math.max(0, growth.device - most) + Math.max(0, growth.strangers - mostStrangers)
    const detail =
      `${said + named} acts of a device made ${growth.device} entries where ${most} are allowed, ${came} connections of strangers ` +
      `${growth.strangers} where ${mostStrangers} are; the ledger grew by ${growth.entries} entries, ${growth.bytes} bytes`
    const outcome = { attempts: said + named + came, effect, detail }
    return effect === 0 ? { ...outcome, found: { by: 'ledger', code: countedAs(growth) || countedAs(told) } } : outcome
  },
}

/** Minutes of the clock that a time has a part in. */
function minutesFrom(from: number, to: number): number {
  return Math.floor(to / MINUTE) - Math.floor(from / MINUTE) + 1
}

/** The codes that came until they were only counted. */
function countedAs({ codes }: Growth): string {
  const often = [...codes].filter(([, count]) => count >= SINGLE)
  return often.map(([code]) => code).join(', ')
}

/** Each message and each subscription goes to a topic of its own. */
async function speak(range: Range): Promise<number> {
  let session: Session | null = null
  let sent = 0
  for (let round = 0; round < ROUNDS; round++) {
    if (session === null || session.closed) session = await range.enter(4).catch(() => null)
    const packets = Array.from({ length: BATCH }, (_, i) => {
      const topic = range.topic('level-1', `x${round}-${i}`)
      return i === 0 ? subscribe(4, topic, round + 1) : publish(4, { topic, payload: `${round}` })
    })
    session?.send(...packets)
    if (session !== null) sent += BATCH
    await range.sleep(PAUSE)
  }
  session?.destroy()
  return sent
}

/** Its certificate is good, and each name is somebody else's. */
async function pretend(range: Range): Promise<number> {
  for (let i = 0; i < NAMES; i++) {
    const session = await range.dial({ place: i }).catch(() => null)
    await session?.login(connect({ version: 4, clientId: `x${i}` }), 1000)
    session?.destroy()
  }
  return NAMES
}

/** MQTT in the clear where TLS is spoken: it costs those who come nothing. */
async function knock(range: Range): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    await Promise.all(
      Array.from({ length: PLACES }, async (_, place) => {
        const session = await range.dial({ tls: 'none', place }).catch(() => null)
        session?.send(connect({ version: 4, clientId: `x${place}-${i}` }))
        await session?.until(() => false, 1000)
        session?.destroy()
      }),
    )
    await range.sleep(PAUSE)
  }
  return PLACES * TRIES
}
